"""The merged graph: each definition with what every subgraph has of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import TypeNode, ValueNode

from gateway.composition.model import Applied, Definition, Field, Subgraph

__all__ = ["MergedArgument", "MergedField", "MergedType", "MergedValue"]


@dataclass(frozen=True, slots=True)
class MergedArgument:
    """An argument, or a field of an input type."""

    name: str
    type: TypeNode
    default: ValueNode | None
    description: str | None
    applied: tuple[Applied, ...]
    sources: Mapping[str, TypeNode] = field(default_factory=dict)
    """By subgraph, for fields of input types."""


@dataclass(frozen=True, slots=True)
class MergedField:
    """A field with its sources by subgraph."""

    name: str
    type: TypeNode
    arguments: tuple[MergedArgument, ...]
    description: str | None
    applied: tuple[Applied, ...]
    sources: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class MergedValue:
    """A value of an enum, and the subgraphs that have it."""

    name: str
    description: str | None
    applied: tuple[Applied, ...]
    subgraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedType:
    """A type with its sources by subgraph."""

    kind: str
    name: str
    description: str | None
    applied: tuple[Applied, ...]
    sources: Mapping[str, Definition]
    fields: tuple[MergedField, ...] = ()
    inputs: tuple[MergedArgument, ...] = ()
    values: tuple[MergedValue, ...] = ()

    def graphs(self, subgraphs: Mapping[str, Subgraph]) -> list[tuple[str, Definition]]:
        """The sources by their value of ``join__Graph``, in its order."""
        return [(subgraphs[name].graph, definition) for name, definition in self.sources.items()]
