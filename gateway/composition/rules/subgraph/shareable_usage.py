"""`@shareable` stands on object types and their fields, once on each declaration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from graphql import Node

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Applied, Definition, Subgraph

__all__ = ["shareable_usage"]


def shareable_usage(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each repetition, and each use on a field of an interface."""
    for definition in subgraph.types.values():
        for told, node in _problems(definition):
            yield error_in(subgraph.name, "INVALID_SHAREABLE_USAGE", told, node)


def _problems(definition: Definition) -> Iterator[tuple[str, Node]]:
    if _is_repeated(definition.federation):
        yield f"'{definition.name}' is @shareable twice in one declaration.", definition.node
    for field in definition.fields.values():
        place = f"'{definition.name}.{field.name}'"
        if definition.kind == "type" and _is_repeated(field.federation):
            yield f"{place} is @shareable twice.", field.node
        if definition.kind == "interface" and any(a.name == "shareable" for a in field.federation):
            yield f"{place} cannot be @shareable: it is of an interface.", field.node


def _is_repeated(applied: Sequence[Applied]) -> bool:
    counted = Counter(a.declaration for a in applied if a.name == "shareable")
    return any(count > 1 for count in counted.values())
