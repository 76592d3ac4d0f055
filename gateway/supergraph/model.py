"""The supergraph as the gateway keeps it: immutable, with what each subgraph knows of each type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from graphql import GraphQLSchema, SelectionSetNode, TypeNode

from gateway.supergraph.authorization import Authorization
from gateway.supergraph.features import Features

__all__ = [
    "ContextArgument",
    "Key",
    "SubgraphField",
    "SubgraphInfo",
    "SubgraphType",
    "Supergraph",
    "TypeKind",
]


class TypeKind(Enum):
    """The kinds of type that have fields or members."""

    OBJECT = "object"
    INTERFACE = "interface"
    UNION = "union"


@dataclass(frozen=True, slots=True)
class SubgraphInfo:
    """A subgraph: its name as composed, where it is, and its value in the ``join__Graph`` enum."""

    name: str
    url: str
    graph: str


@dataclass(frozen=True, slots=True)
class Key:
    """One ``@key``: its text, its fields, and whether the subgraph resolves references by it."""

    text: str
    selections: SelectionSetNode
    resolvable: bool = True


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument a subgraph wants filled from a context set above the field."""

    name: str
    type: str
    context: str
    selection: str


@dataclass(frozen=True, slots=True)
class SubgraphField:
    """What one subgraph says of one field."""

    name: str
    type: TypeNode
    external: bool = False
    requires: SelectionSetNode | None = None
    provides: SelectionSetNode | None = None
    overridden: bool = False
    """Another subgraph has taken the field over: wholly, or where ``override_label`` is active."""
    override_label: str | None = None
    takes_over: bool = False
    """This subgraph has the field only where ``override_label`` is active."""
    context_arguments: tuple[ContextArgument, ...] = ()

    def resolvable(self, labels: frozenset[str]) -> bool:
        """Whether the subgraph answers for the field, these override labels being active."""
        if self.external:
            return False
        if self.override_label is None:
            return not self.overridden
        active = self.override_label in labels
        return active if self.takes_over else not active


@dataclass(frozen=True, slots=True)
class SubgraphType:
    """What one subgraph says of one composite type."""

    name: str
    kind: TypeKind
    fields: Mapping[str, SubgraphField]
    keys: tuple[Key, ...] = ()
    interfaces: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    """The object types it can be in this subgraph; for an object, itself."""
    interface_object: bool = False
    contexts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Supergraph:
    """Everything the gateway knows of a graph. ``types`` is by ``SubgraphInfo.name``, then by type."""

    sdl: str
    schema: GraphQLSchema
    api_schema: GraphQLSchema
    subgraphs: Mapping[str, SubgraphInfo]
    types: Mapping[str, Mapping[str, SubgraphType]]
    features: Features
    """The specifications it links, and what their directives are called in ``schema``."""
    override_labels: frozenset[str] = field(default_factory=frozenset)
    authorization: Authorization = field(default_factory=Authorization)
    """What callers need for which types and fields."""
