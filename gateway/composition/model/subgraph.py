"""A subgraph as composition sees it: definitions with federation's directives already read off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import DirectiveNode, Node, NonNullTypeNode, TypeNode, ValueNode

from gateway.federation.links import Link

__all__ = ["Applied", "Argument", "Definition", "DirectiveDefinition", "Field", "Key", "Subgraph", "Value"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A directive where it stands. Which one it is follows from ``spec`` and ``name``, whatever it is called there."""

    name: str
    """The specification's own name for it; of the schema's own directives their name."""
    node: DirectiveNode
    """As written, under its local name."""
    spec: str | None = None
    """The identity of the linked specification it comes from, None for GraphQL's and the schema's own."""
    declaration: int = 0
    """Which of a type's declarations it stands on: 0 for the definition, then the extensions in their order."""


@dataclass(frozen=True, slots=True)
class DirectiveDefinition:
    """A directive that a subgraph defines, federation's own left out."""

    name: str
    """What it is called in the subgraph."""
    description: str | None
    arguments: Mapping[str, Argument]
    locations: tuple[str, ...]
    repeatable: bool
    node: Node
    spec: str | None = None
    """The identity of the linked specification it comes from, if any."""
    spec_name: str | None = None
    """What that specification calls it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One ``@key``."""

    fields: str
    resolvable: bool
    extension: bool = False
    """Whether it stands on an extension, or on a type marked ``@extends``."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a field, or a field of an input type."""

    name: str
    type: TypeNode
    default: ValueNode | None
    description: str | None
    applied: tuple[Applied, ...]
    node: Node
    context: str | None = None
    """The ``field`` of ``@fromContext``, if it has one."""
    federation: tuple[Applied, ...] = ()
    """Federation's directives that other attributes have already, as written."""

    @property
    def required(self) -> bool:
        """Whether the subgraph cannot do without it."""
        return isinstance(self.type, NonNullTypeNode) and self.default is None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or interface type.

    ``applied`` are all directives but those that the other attributes have already. ``external`` is what counts:
    a key field of an extension that is marked so is not. So is ``shareable``: fields of keys, and external ones that are
    provided, are it by their nature.
    """

    name: str
    type: TypeNode
    arguments: Mapping[str, Argument]
    description: str | None
    applied: tuple[Applied, ...]
    node: Node
    external: bool = False
    shareable: bool = False
    requires: str | None = None
    provides: str | None = None
    override: str | None = None
    override_label: str | None = None
    federation: tuple[Applied, ...] = ()
    """The directives that the other attributes have already, as written here; the type's are not among them."""
    declaration: int = 0
    """In which of the type's declarations it stands: 0 for the definition, then the extensions in their order."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an enum."""

    name: str
    description: str | None
    applied: tuple[Applied, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Definition:
    """A type. ``kind`` is GraphQL's keyword for it; only what a kind has is filled."""

    kind: str
    name: str
    description: str | None
    applied: tuple[Applied, ...]
    node: Node
    fields: Mapping[str, Field] = field(default_factory=dict)
    inputs: Mapping[str, Argument] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    extension: bool = False
    """Whether it is only ever extended here, never defined."""
    interface_object: bool = False
    contexts: tuple[str, ...] = ()
    """The names of its ``@context``s."""
    federation: tuple[Applied, ...] = ()
    """The directives that the other attributes have already, as written."""
    nodes: tuple[Node, ...] = ()
    """All its declarations: the definition, then the extensions."""


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One subgraph, read. Root types have their default names; a federation 1 schema is upgraded."""

    name: str
    url: str
    version: tuple[int, int]
    """The federation version it needs: at least the one it links."""
    types: Mapping[str, Definition]
    graph: str
    """Its value of ``join__Graph``."""
    links: tuple[Link, ...] = ()
    directives: Mapping[str, DirectiveDefinition] = field(default_factory=dict)
    """By their names in the subgraph."""
    applied: tuple[Applied, ...] = ()
    """On the schema itself, ``@composeDirective`` among them, ``@link`` not."""
    unmerged: tuple[Applied, ...] = ()
    """In definitions that are no part of the graph: of GraphQL's, the protocol's and federation's own elements."""
    upgraded: bool = False
    """Whether it was written for federation 1."""
    description: str | None = None
    """Of the schema itself."""

    def link(self, identity: str) -> Link | None:
        """Its link to a specification, if there is one."""
        return next((link for link in self.links if link.identity == identity), None)
