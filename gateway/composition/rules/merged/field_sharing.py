"""A field that several subgraphs resolve is `@shareable` in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged, MergedField, MergedType
from gateway.composition.model.subgraph import Field

__all__ = ["field_sharing"]

_CODE = "INVALID_FIELD_SHARING"


@dataclass(frozen=True, slots=True)
class _Resolver:
    subgraph: str
    field: Field
    by_interface: str | None = None

    @property
    def told(self) -> str:
        way = f' by the @interfaceObject "{self.by_interface}"' if self.by_interface else ""
        return f'"{self.subgraph}"{way}'


def field_sharing(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each field of an object type that is resolved in several places and not shareable in all of them."""
    for one in merged.types.values():
        if one.kind != "type":
            continue
        if one.name == "Subscription":
            yield from _subscription(one)
        for field in one.fields.values():
            if len(field.sources) > 1:
                yield from _field(one.name, field, graph)


def _subscription(subscription: MergedType) -> Iterator[CompositionError]:
    """A stream comes from one place."""
    for field in subscription.fields.values():
        for subgraph, source in field.sources.items():
            if source is not None and any(a.name == "shareable" for a in source.federation):
                message = f'[{subgraph}] "Subscription.{field.name}" cannot be @shareable.'
                yield CompositionError(_CODE, message, (subgraph,), location_of(subgraph, source.node))


def _field(type_name: str, field: MergedField, graph: Graph) -> Iterator[CompositionError]:
    resolvers = list(_resolvers(type_name, field, graph))
    if len(resolvers) < 2 or all(r.field.shareable for r in resolvers):
        return
    odd = [r for r in resolvers if not r.field.shareable]
    message = (
        f'"{type_name}.{field.name}" is resolved in several subgraphs, {_listed(resolvers)}, and not @shareable '
        f"in {_listed(odd)}."
    )
    stray = [r.subgraph for r in odd if r.subgraph in field.stray_overrides]
    if stray:
        message += f' In "{stray[0]}" it overrides a subgraph that does not exist: is that name misspelt?'
    where = tuple(place for r in resolvers for place in location_of(r.subgraph, r.field.node))
    yield CompositionError(_CODE, message, tuple(dict.fromkeys(r.subgraph for r in resolvers)), where)


def _resolvers(type_name: str, field: MergedField, graph: Graph) -> Iterator[_Resolver]:
    """Those that answer for the field: neither external nor overridden."""
    for subgraph, source in field.sources.items():
        if subgraph in field.overridden:
            continue
        if source is not None:
            if graph.resolves(subgraph, type_name, source):
                yield _Resolver(subgraph, source)
            continue
        for interface, standing in graph.abstracting(subgraph, type_name, field.name):
            if graph.resolves(subgraph, interface, standing):
                yield _Resolver(subgraph, standing, interface)


def _listed(resolvers: list[_Resolver]) -> str:
    return ", ".join(r.told for r in resolvers)
