"""A subgraph as composition sees it: definitions with federation's directives already read off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import DirectiveNode, Node, TypeNode, ValueNode

__all__ = ["Argument", "Definition", "Field", "Key", "Subgraph", "Value"]


@dataclass(frozen=True, slots=True)
class Key:
    """One ``@key``."""

    fields: str
    resolvable: bool


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a field, or a field of an input type."""

    name: str
    type: TypeNode
    default: ValueNode | None
    description: str | None
    applied: tuple[DirectiveNode, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or interface type. ``applied`` are the directives a supergraph keeps."""

    name: str
    type: TypeNode
    arguments: Mapping[str, Argument]
    description: str | None
    applied: tuple[DirectiveNode, ...]
    node: Node
    external: bool = False
    shareable: bool = False
    requires: str | None = None
    provides: str | None = None
    override: str | None = None
    override_label: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an enum."""

    name: str
    description: str | None
    applied: tuple[DirectiveNode, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A type. ``kind`` is GraphQL's keyword for it; only what a kind has is filled."""

    kind: str
    name: str
    description: str | None
    applied: tuple[DirectiveNode, ...]
    node: Node
    fields: Mapping[str, Field] = field(default_factory=dict)
    inputs: Mapping[str, Argument] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    extension: bool = False
    interface_object: bool = False


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One subgraph, read. Root types have their default names."""

    name: str
    url: str
    version: tuple[int, int]
    types: Mapping[str, Definition]
    graph: str
    """Its value of ``join__Graph``."""
