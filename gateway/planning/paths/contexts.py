"""Arguments filled from a context: where above a field it is set, and how its value gets to the fetch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.planning.paths.steps import Condition, Kind, Step
from gateway.planning.plan import KeyRenamer, Path
from gateway.planning.shape import Shape
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selection import Field, Selections
from gateway.supergraph import ContextArgument

__all__ = ["ContextValue", "context_rewrites", "setting_places", "variable_name"]


@dataclass(frozen=True, slots=True)
class ContextValue:
    """An argument's value: selected at ``place``, which is ``levels`` fields above the one that takes it."""

    argument: ContextArgument
    selections: Selections
    place: Step
    levels: int
    condition: Condition


def setting_places(graph: QueryGraph, option: Step, argument: ContextArgument) -> tuple[list[Step], int]:
    """The nearest place above whose type sets the context, and how many fields it is above.

    It is given by each step that stands there, the last first: an entity is in every subgraph it was
    entered in on the way.
    """
    setting = _setting_types(graph, option.node.subgraph, argument.context)
    levels, step = 0, option
    while step.prev is not None:
        levels += step.kind is Kind.FIELD
        step = step.prev
        if levels and step.node.type_name in setting:
            return list(_same_object(step)), levels
    return [], 0


def _same_object(step: Step) -> Iterator[Step]:
    yield step
    type_name = step.node.type_name
    while step.prev is not None and step.kind in (Kind.JUMP, Kind.REQUIRE):
        step = step.prev
        if step.node.type_name == type_name:
            yield step


def _setting_types(graph: QueryGraph, subgraph: str, context: str) -> frozenset[str]:
    known = graph.caches.setdefault("setting types", {})
    found = known.get((subgraph, context))
    if found is None:
        names: set[str] = set()
        for (owner, name), node in graph.nodes.items():
            if owner == subgraph and context in node.contexts:
                names |= {name, *node.possible}
        found = known[subgraph, context] = frozenset(names)
    assert isinstance(found, frozenset)  # noqa: S101
    return found


def variable_name(type_name: str, field_name: str, argument: ContextArgument) -> str:
    """The variable that carries the value: the same wherever the field is asked."""
    return f"contextualArgument__{type_name}__{field_name}__{argument.name}"


def context_rewrites(value: ContextValue, levels: int, variable: str, shape: Shape) -> Iterator[KeyRenamer]:
    """From each place where the value may be to the variable.

    The setting place is ``levels`` fields above where the fetch was entered, and looks like ``shape``.
    """
    for path in _leaves(value.selections, shape):
        yield KeyRenamer(("..",) * levels + path, variable)


def _leaves(selections: Selections, shape: Shape) -> Iterator[Path]:
    for one in selections:
        if not isinstance(one, Field):
            head = (f"... on {one.type_condition}",) if one.type_condition else ()
            yield from (head + path for path in _leaves(one.selections, shape))
            continue
        key = shape.claim(one)
        if one.selections is None:
            yield (key,)
        else:
            yield from ((key, *path) for path in _leaves(one.selections, shape.at(key)))
