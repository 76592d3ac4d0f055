"""What is wanted at a place, written into the selections of the fetch that asks for it."""

from __future__ import annotations

from gateway.planning.fetch_graph.fetches import FetchField, SelectionSet
from gateway.planning.limits import Budget
from gateway.planning.paths.contexts import variable_name
from gateway.planning.shape import Shape
from gateway.query_graph.graph import EXPLODE, FieldEdge, Node, QueryGraph
from gateway.query_graph.selection import Field, Fragment, Selection, Selections

__all__ = ["Selector"]


class Selector:
    """Writes for one operation."""

    def __init__(self, graph: QueryGraph, budget: Budget) -> None:
        self._graph = graph
        self._budget = budget

    def select(
        self, into: SelectionSet, node: Node, selection: Selection, shape: Shape, internal: bool
    ) -> None:
        """With all below it; ``internal`` where the planner itself asks."""
        self._budget.step()  # what is asked type by type multiplies with each level
        if isinstance(selection, Field):
            if selection.name == "__typename" and selection.key == "__typename" and not selection.directives:
                into.typename = True
            elif selection.name not in node.fields and selection.name != "__typename":
                self._select_exploded(into, node, node.possible, (selection,), shape, internal)
            else:
                field, below, target = self.enter(into, node, selection, shape, internal)
                if selection.selections is not None and field.children is not None and target is not None:
                    self._select_all(field.children, target, selection.selections, below, internal)
            return
        self._select_fragment(into, node, selection, shape, internal)

    def _select_all(
        self, into: SelectionSet, node: Node, selections: Selections, shape: Shape, internal: bool
    ) -> None:
        for selection in selections:
            self.select(into, node, selection, shape, internal)
        if into.is_empty():
            into.typename = True

    def _select_fragment(
        self, into: SelectionSet, node: Node, fragment: Fragment, shape: Shape, internal: bool
    ) -> None:
        condition = fragment.type_condition
        target = node if condition is None else self._graph.cast(node, condition)
        if isinstance(target, Node):
            body = into
            if target is not node or fragment.directives:
                narrowed = target.type_name if target is not node else None
                body = into.fragment(narrowed, fragment.directives, fragment.variables)
            self._select_all(body, target, fragment.selections, shape, internal)
        elif target == EXPLODE and condition is not None:
            wanted = node.possible & self._graph.possible[condition]
            if fragment.directives:
                into = into.fragment(None, fragment.directives, fragment.variables)
            self._select_exploded(into, node, wanted, fragment.selections, shape, internal)

    def _select_exploded(
        self,
        into: SelectionSet,
        node: Node,
        types: frozenset[str],
        selections: Selections,
        shape: Shape,
        internal: bool,
    ) -> None:
        for name in sorted(types):
            target = self._graph.cast(node, name)
            if isinstance(target, Node):
                body = into if target is node else into.fragment(name, "", ())
                self._select_all(body, target, selections, shape, internal)

    @staticmethod
    def enter(
        into: SelectionSet, node: Node, field: Field, shape: Shape, internal: bool
    ) -> tuple[FetchField, Shape, Node | None]:
        """The field in this selection set, made where it is not there yet, and what lies below it."""
        key = shape.claim(field) if internal else field.key
        edge = node.fields.get(field.name)
        target = edge.target if edge is not None and field.selections is not None else None
        known = into.fields.get((key, field.directives))
        if known is None:
            children = None
            if target is not None:
                children = SelectionSet()
                children.typename = target.is_abstract or target.interface_object
            known = into.fields[key, field.directives] = FetchField(
                field.name,
                key,
                _with_contexts(field, node, edge) if edge is not None and edge.contexts else field.arguments,
                field.directives,
                field.variables,
                edge.type_text if edge is not None else "String!",
                children,
            )
        return known, shape.at(key) if target is not None else shape, target


def _with_contexts(field: Field, node: Node, edge: FieldEdge) -> str:
    """The field's arguments and those it takes from above."""
    added = ", ".join(
        f"{one.name}: ${variable_name(node.type_name, edge.name, one)}" for one in edge.contexts
    )
    return f"{field.arguments[:-1]}, {added})" if field.arguments else f"({added})"
