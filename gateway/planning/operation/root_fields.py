"""An operation to plan: its root fields, without those the gateway answers itself, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode

from gateway.planning.errors import PlanningError
from gateway.planning.limits import Budget
from gateway.query_graph import Field, Fragment, QueryGraph, Selection, Selections
from gateway.query_graph.selection import Conditions, Normalizer

__all__ = ["Selected", "Task", "by_response_key", "deciding_variable"]

_VARIABLE = re.compile(r"@(?:include|skip)\(if: \$(\w+)\)")


@dataclass(frozen=True, slots=True)
class Task:
    """An operation to plan, over which graph, and how much that may take."""

    graph: QueryGraph
    document: DocumentNode
    operation: OperationDefinitionNode
    budget: Budget

    @property
    def root(self) -> str:
        """The root type's name; raises PlanningError where the graph has none."""
        kind = self.operation.operation.value
        root = self.graph.root_types.get(kind)
        if root is None:
            raise PlanningError("INVALID_OPERATION", f"The graph has no {kind}")
        return root


class Selected:
    """What an operation selects, without what the gateway answers by itself."""

    def __init__(self, task: Task, deferrals: Mapping[int, int] = MappingProxyType({})) -> None:
        graph = task.graph
        fragments = {
            one.name.value: one
            for one in task.document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._root = task.root
        self._nodes = task.operation.selection_set.selections
        self._normalizer = Normalizer(
            graph.supergraph.schema, graph.possible, fragments, deferrals, task.budget.step
        )

    def under(self, known: Conditions) -> Selections:
        """The selections where these variables have these values."""
        return _without_local(self._normalizer.normalize(self._nodes, self._root, known))


def by_response_key(selections: Selections) -> list[Selections]:
    """For each response key in turn all that is selected under it, every field with its own conditions."""
    found: dict[str, list[Selection]] = {}
    for selection in selections:
        if isinstance(selection, Field):
            found.setdefault(selection.key, []).append(selection)
            continue
        for members in by_response_key(selection.selections):
            key = next(_keys(members))
            found.setdefault(key, []).append(_with_selections(selection, members))
    return [tuple(members) for members in found.values()]


def deciding_variable(selections: Selections) -> str | None:
    """A variable that decides which of several selections under one response key comes first."""
    uses: dict[str, list[tuple[int, str]]] = {}
    for index, (key, conditions) in enumerate(_paths(selections)):
        uses.setdefault(key, []).append((index, conditions))
    for (first, directives), *others in uses.values():
        if not directives:
            continue
        for count, (index, conditions) in enumerate(others, 1):
            if index - first > count:  # others are between
                return str(_VARIABLE.findall(directives)[0])
            if not conditions:
                break
    return None


def _paths(selections: Selections, around: str = "") -> Iterator[tuple[str, str]]:
    """Each root field's response key, with the conditions it is under."""
    for selection in selections:
        conditions = around + "".join(match[0] for match in _VARIABLE.finditer(selection.directives))
        if isinstance(selection, Field):
            yield selection.key, conditions
        else:
            yield from _paths(selection.selections, conditions)


def _keys(selections: Selections) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, Field):
            yield selection.key
        else:
            yield from _keys(selection.selections)


def _without_local(selections: Selections) -> Selections:
    """Leave out introspection and the root's own type, which need no subgraph."""
    kept: list[Selection] = []
    for selection in selections:
        if isinstance(selection, Field):
            if not selection.name.startswith("__"):
                kept.append(selection)
            continue
        inner = _without_local(selection.selections)
        if inner:
            kept.append(_with_selections(selection, inner))
    return tuple(kept)


def _with_selections(fragment: Fragment, selections: Selections) -> Fragment:
    return Fragment(
        fragment.type_condition, fragment.directives, fragment.variables, selections, fragment.deferral
    )
