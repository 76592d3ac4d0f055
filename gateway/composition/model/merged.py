"""The merged graph: each definition as the supergraph has it, with what every subgraph has of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import ValueNode

from gateway.composition.model.subgraph import Argument, Definition, Field, Subgraph
from gateway.federation.directives import join_version
from gateway.federation.links import Link
from gateway.supergraph import ContextArgument

__all__ = [
    "Application",
    "JoinDirective",
    "JoinField",
    "Merged",
    "MergedArgument",
    "MergedDirective",
    "MergedField",
    "MergedType",
    "MergedValue",
]


@dataclass(frozen=True, slots=True)
class Application:
    """A directive applied in the supergraph, by its name there."""

    name: str
    arguments: tuple[tuple[str, ValueNode], ...] = ()

    def argument(self, name: str) -> ValueNode | None:
        """The value given for it."""
        return next((value for key, value in self.arguments if key == name), None)


@dataclass(frozen=True, slots=True)
class JoinField:
    """One ``@join__field``. Without ``graph`` the field is only there by way of an ``@interfaceObject``."""

    graph: str | None = None
    requires: str | None = None
    provides: str | None = None
    type: str | None = None
    external: bool = False
    override: str | None = None
    used_overridden: bool = False
    override_label: str | None = None
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinDirective:
    """One ``@join__directive``: a directive kept for the subgraphs that have it."""

    graphs: tuple[str, ...]
    name: str
    arguments: tuple[tuple[str, ValueNode], ...] = ()


@dataclass(frozen=True, slots=True)
class MergedArgument:
    """An argument, or a field of an input type."""

    name: str
    type: str
    default: ValueNode | None
    description: str | None
    applied: tuple[Application, ...]
    sources: Mapping[str, Argument | None]
    joins: tuple[JoinField, ...] = ()

    @property
    def required(self) -> bool:
        """Whether clients have to give it."""
        return self.type.endswith("!") and self.default is None


@dataclass(frozen=True, slots=True)
class MergedField:
    """A field. ``sources`` has None for subgraphs that have the type, or stand for it, without the field."""

    name: str
    type: str
    arguments: Mapping[str, MergedArgument]
    description: str | None
    applied: tuple[Application, ...]
    sources: Mapping[str, Field | None]
    joins: tuple[JoinField, ...] = ()
    join_directives: tuple[JoinDirective, ...] = ()
    overridden: frozenset[str] = frozenset()
    """The subgraphs that another one overrides."""
    stray_overrides: frozenset[str] = frozenset()
    """The subgraphs that override one that is not there."""


@dataclass(frozen=True, slots=True)
class MergedValue:
    """A value of an enum, and the subgraphs that have it."""

    name: str
    description: str | None
    applied: tuple[Application, ...]
    subgraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedType:
    """A type; only what its kind has is filled. ``sources`` are by subgraph, those of another kind left out."""

    kind: str
    name: str
    description: str | None
    applied: tuple[Application, ...]
    sources: Mapping[str, Definition]
    interfaces: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    fields: Mapping[str, MergedField] = field(default_factory=dict)
    inputs: Mapping[str, MergedArgument] = field(default_factory=dict)
    values: Mapping[str, MergedValue] = field(default_factory=dict)
    join_directives: tuple[JoinDirective, ...] = ()


@dataclass(frozen=True, slots=True)
class MergedDirective:
    """A directive's definition: one that clients may use, or one composed by ``@composeDirective``."""

    name: str
    description: str | None
    arguments: Mapping[str, MergedArgument]
    locations: tuple[str, ...]
    repeatable: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """The whole graph. ``specs`` are the links of the supergraph but those to link and join themselves."""

    subgraphs: tuple[Subgraph, ...]
    types: Mapping[str, MergedType]
    directives: Mapping[str, MergedDirective]
    specs: tuple[Link, ...]
    description: str | None = None
    applied: tuple[Application, ...] = ()
    join_directives: tuple[JoinDirective, ...] = ()

    @property
    def join_version(self) -> str:
        """The join specification that the supergraph is written in."""
        return join_version(max(s.version for s in self.subgraphs))

    def spec_directive(self, spec: str, name: str) -> str | None:
        """What a known specification's directive is called here; None where it is not linked."""
        found = next((s for s in self.specs if s.identity == f"https://specs.apollo.dev/{spec}"), None)
        return found.local_name(name) if found else None
