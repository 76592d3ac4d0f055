"""A deferred part's fetches, put together from places that the fetches around it have reached."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.planning.fetch_graph.assemble import Assembler
from gateway.planning.fetch_graph.cursor import Cursor
from gateway.planning.fetch_graph.fetches import Fetch, FetchField, SelectionSet
from gateway.planning.limits import Budget
from gateway.planning.paths.steps import Step
from gateway.planning.plan import OperationKind, Path
from gateway.planning.shape import Shape
from gateway.query_graph import Node, QueryGraph

__all__ = ["Resuming", "Start"]


@dataclass(eq=False, slots=True)
class Start:
    """Where a deferred part begins: a fetch around it, and the selection sets there that stand for the place."""

    fetch: Fetch
    node: Node
    sets: list[SelectionSet]
    type_name: str
    wanted: Fetch
    """Not sent: collects what is to be asked for here."""


class Resuming(Assembler):
    """Assembles a part that begins at places reached already."""

    def __init__(
        self, graph: QueryGraph, kind: OperationKind, shape: Shape, budget: Budget, path: Path, at: Shape
    ) -> None:
        super().__init__(graph, kind, shape, budget)
        self.starts: dict[Step, Start] = {}
        self._path = path
        self._at = at

    def _root(self, step: Step) -> Cursor:
        start = self.starts.get(step)
        if start is None:
            return super()._root(step)
        return Cursor(start.wanted, start.wanted.selections, self._path, self._at, step.node)

    def settle(self) -> None:
        """Ask for what the part needs where it begins, and wait for that."""
        for start in self.starts.values():
            wanted = start.wanted.selections
            waiting = [fetch for fetch in self.fetches if start.wanted in fetch.parents]
            if wanted.is_empty() and not waiting:
                continue
            for one in start.sets:
                narrowed = start.node.is_abstract and not start.node.interface_object
                into = one.fragment(start.type_name, "", ()) if narrowed else one
                into.merge(_copy(wanted))
            for fetch in waiting:
                fetch.parents.discard(start.wanted)
                fetch.parents.add(start.fetch)


def _copy(selections: SelectionSet) -> SelectionSet:
    made = SelectionSet()
    made.typename = selections.typename
    made.variables = selections.variables
    for key, field in selections.fields.items():
        made.fields[key] = FetchField(
            field.name, field.key, field.arguments, field.directives, field.variables, field.type_text,
            _copy(field.children) if field.children is not None else None,
        )  # fmt: skip
    for fragment, body in selections.fragments.items():
        made.fragments[fragment] = _copy(body)
    return made
