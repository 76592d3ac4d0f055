"""Whether a subgraph answers a whole selection by itself."""

from __future__ import annotations

from gateway.query_graph.graph import DEAD, EXPLODE, Node, QueryGraph
from gateway.query_graph.selection import Field, Fragment, Selections

__all__ = ["Coverage"]


class Coverage:
    """Answers are remembered for one plan."""

    def __init__(self, graph: QueryGraph) -> None:
        self.graph = graph
        self._known: dict[tuple[int, int], bool] = {}
        self._kept: list[Selections] = []

    def covers(self, node: Node, selections: Selections) -> bool:
        """Whether everything can be asked of ``node``, without entering any subgraph anew."""
        key = (node.number, id(selections))
        known = self._known.get(key)
        if known is None:
            self._kept.append(selections)
            known = self._known[key] = all(
                self._field(node, one) if type(one) is Field else self._fragment(node, one)  # type: ignore[arg-type]
                for one in selections
            )
        return known

    def _field(self, node: Node, field: Field) -> bool:
        edge = node.fields.get(field.name)
        if edge is None:
            if field.name == "__typename":
                return not node.interface_object
            return node.is_abstract and self._exploded(node, node.possible, (field,))
        if edge.requires is not None or edge.contexts:
            return False
        return field.selections is None or (
            edge.target is not None and self.covers(edge.target, field.selections)
        )

    def _fragment(self, node: Node, fragment: Fragment) -> bool:
        if fragment.type_condition is None:
            return self.covers(node, fragment.selections)
        target = self.graph.cast(node, fragment.type_condition)
        if node.is_abstract and fragment.type_condition in self.graph.partial[node.type_name]:
            # Whether it may be asked at all depends on where else the object could come from.
            return False
        if isinstance(target, Node):
            return self.covers(target, fragment.selections)
        if target == EXPLODE:
            wanted = node.possible & self.graph.possible[fragment.type_condition]
            return self._exploded(node, wanted, fragment.selections)
        return target == DEAD

    def _exploded(self, node: Node, wanted: frozenset[str], selections: Selections) -> bool:
        for name in wanted:
            target = self.graph.cast(node, name)
            if not isinstance(target, Node) or not all(
                self._field(target, one) if isinstance(one, Field) else self._fragment(target, one)
                for one in selections
            ):
                return False
        return bool(wanted)
