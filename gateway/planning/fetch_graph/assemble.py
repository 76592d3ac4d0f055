"""From the chosen ways to fetches: each step is followed once, and leaves its selections behind."""

from __future__ import annotations

import re

from gateway.planning.fetch_graph.cursor import Cursor
from gateway.planning.fetch_graph.fetches import Fetch, Pending, Requirement
from gateway.planning.fetch_graph.selecting import Selector
from gateway.planning.limits import Budget
from gateway.planning.paths.contexts import context_rewrites, variable_name
from gateway.planning.paths.steps import Condition, Step
from gateway.planning.plan import OperationKind, Path, ValueSetter
from gateway.planning.shape import Shape
from gateway.query_graph.graph import FieldEdge, KeyEdge, Node, QueryGraph
from gateway.query_graph.selection import Field, Fragment, Selection, Selections

__all__ = ["Assembler"]

_CONDITION = re.compile(r" @(?:include|skip)\(if: \$(\w+)\)")


class _Following:
    """One round of following steps from a beginning; ``internal`` where the planner itself asks."""

    __slots__ = ("internal", "reached")

    def __init__(self, internal: bool) -> None:
        self.internal = internal
        self.reached: dict[Step, Cursor] = {}


class Assembler:
    """Holds the fetches of one operation."""

    def __init__(self, graph: QueryGraph, kind: OperationKind, shape: Shape, budget: Budget) -> None:
        self.graph = graph
        self.kind = kind
        self.shape = shape
        self.budget = budget
        self.fetches: list[Fetch] = []
        self._selector = Selector(graph, budget)
        self._registry: dict[tuple[object, ...], Fetch] = {}
        self._client = _Following(internal=False)
        self._satisfied: dict[tuple[int, int], tuple[set[Fetch], Requirement]] = {}
        self._cursors: list[Cursor] = []

    def add(self, choices: tuple[tuple[Step, list[Selection]], ...]) -> None:
        """Follow each way and select there what was wanted."""
        self._add(choices, self._client)

    def _add(self, choices: tuple[tuple[Step, list[Selection]], ...], following: _Following) -> set[Fetch]:
        used = set()
        for step, elements in choices:
            cursor = self._follow(step, following)
            used.add(cursor.fetch)
            for element in elements:
                self._selector.select(
                    cursor.selections, cursor.node, element, cursor.shape, following.internal
                )
        return used

    # Following

    def _follow(self, step: Step, following: _Following) -> Cursor:
        known = following.reached.get(step)
        if known is None:
            known = following.reached[step] = self._take(step, following)
        return known

    def _take(self, step: Step, following: _Following) -> Cursor:
        if step.prev is None:
            return self._root(step)
        before = self._follow(step.prev, following)
        element = step.element
        if isinstance(element, Field):
            field, below, target = self._selector.enter(
                before.selections, before.node, element, before.shape, following.internal
            )
            assert field.children is not None  # noqa: S101
            assert target is not None  # noqa: S101
            edge = before.node.fields[element.name]
            path = (*before.path, field.key, *("@",) * edge.list_depth)
            pending = _with_conditions(before.pending, element.directives)
            above = (*before.above, *before.here)
            return Cursor(before.fetch, field.children, path, below, target, pending=pending, above=above)
        if isinstance(element, Fragment):
            return self._narrowed(before, step, element)
        if isinstance(element, KeyEdge):
            assert step.condition is not None  # noqa: S101
            return self._jump(before, element, step.condition)
        assert isinstance(element, FieldEdge)  # noqa: S101
        return self._required(before, step, element, following)

    def _root(self, step: Step) -> Cursor:
        fetch = self._fetch((), step.node.subgraph, self.kind, (), is_entity=False)
        return Cursor(fetch, fetch.selections, (), self.shape, step.node)

    def _narrowed(self, before: Cursor, step: Step, fragment: Fragment) -> Cursor:
        narrowed = step.node.type_name if step.node is not before.node else None
        body = before.selections.fragment(narrowed, fragment.directives, fragment.variables)
        pending = _with_conditions(before.pending, fragment.directives)
        return Cursor(
            before.fetch, body, before.path, before.shape, step.node, before.entered_from, before.at_top, pending,
            before.above, before.narrowed_here(narrowed),
        )  # fmt: skip

    def _fetch(
        self, place: tuple[object, ...], subgraph: str, kind: OperationKind, path: Path, *, is_entity: bool
    ) -> Fetch:
        key = (*place, subgraph, path)
        known = self._registry.get(key)
        if known is None:
            known = self._registry[key] = Fetch(len(self.fetches), subgraph, kind, path, is_entity)
            self.fetches.append(known)
        return known

    def _jump(self, before: Cursor, edge: KeyEdge, condition: Condition) -> Cursor:
        fetch = self._entity_fetch(before, edge, condition, before.fetch)
        return self._inside(before, edge, fetch)

    def _entity_fetch(self, before: Cursor, edge: KeyEdge, condition: Condition, *place: object) -> Fetch:
        is_entity = bool(edge.key)
        subgraph, path, own_type = edge.target.subgraph, before.path, before.node.type_name
        possible = self.graph.possible[own_type]
        used, requirement = self._satisfy(before, condition)
        fetch = self._fetch(place, subgraph, "query", path, is_entity=is_entity)
        fetch.blind |= edge.target.interface_object
        if is_entity and not fetch.admits(own_type, possible, before.way, requirement):
            apart = (*place, before.way, own_type if fetch.blind else None)
            fetch = self._fetch(apart, subgraph, "query", path, is_entity=True)
            fetch.blind |= edge.target.interface_object
        fetch.parents.add(before.fetch)
        if is_entity:
            self._need_typename(before)
            fetch.parents |= used - {fetch}
            fetch.enter(own_type, possible, before.way)
            held = fetch.requirement.fragment(own_type)
            held.fields.setdefault("__typename", ("__typename", None))
            held.merge(requirement)
            self._rewrite_typename(fetch, before.node, edge.target)
        return fetch

    def _inside(self, before: Cursor, edge: KeyEdge, fetch: Fetch) -> Cursor:
        """Where an entity fetch begins: inside a fragment on the type that was entered."""
        top = fetch.selections
        if fetch.is_entity:
            top = top.fragment(edge.target.type_name, "", ())
            if before.node.interface_object and not edge.target.interface_object:
                top.typename = True
        for directives, variables in before.pending:
            top = top.fragment(None, directives, variables)
        return Cursor(
            fetch, top, before.path, before.shape, edge.target, before, at_top=True, pending=before.pending,
            here=((len(before.path), edge.target.type_name),),
        )  # fmt: skip

    @staticmethod
    def _need_typename(before: Cursor) -> None:
        # What was entered by a key has its type already; an interface object would only spoil it.
        if not (before.at_top and before.fetch.is_entity):
            before.selections.typename = True

    @staticmethod
    def _rewrite_typename(fetch: Fetch, source: Node, target: Node) -> None:
        if target.interface_object:
            setter = ValueSetter((f"... on {source.type_name}", "__typename"), target.type_name)
            fetch.input_rewrites[setter] = None

    # Conditions

    def _satisfy(self, cursor: Cursor, condition: Condition) -> tuple[set[Fetch], Requirement]:
        key = (id(cursor), id(condition))
        known = self._satisfied.get(key)
        if known is None:
            following = _Following(internal=True)
            following.reached[condition.start] = cursor
            used = self._add(condition.choices, following)
            requirement = Requirement()
            self._describe(requirement, condition.selections, cursor.node.type_name, cursor.shape)
            known = self._satisfied[key] = (used, requirement)
            self._cursors.append(cursor)
        return known

    def _describe(
        self, requirement: Requirement, selections: Selections, type_name: str, shape: Shape
    ) -> None:
        for selection in selections:
            if isinstance(selection, Fragment):
                name = selection.type_condition or type_name
                self._describe(requirement.fragment(name), selection.selections, name, shape)
                continue
            key = shape.claim(selection)
            nested = None
            if selection.selections is not None:
                nested = Requirement()
                if selection.type_name not in self.graph.possible[selection.type_name]:
                    nested.fields["__typename"] = ("__typename", None)
                self._describe(nested, selection.selections, selection.type_name, shape.at(key))
            requirement.fields[key] = (selection.name, nested)

    def _required(self, before: Cursor, step: Step, edge: FieldEdge, following: _Following) -> Cursor:
        assert step.condition is not None  # noqa: S101
        if step.entry and before.entered_from is not None:
            return self._required_on_entry(before, before.entered_from, step, edge, following)
        assert step.key_condition is not None  # noqa: S101
        key_edge, key_condition = step.key_condition
        if step.within is not None and self._required_within(before, *step.within, step, edge, following):
            return before
        used, requirement = self._satisfy(before, step.condition)
        fetch = self._entity_fetch(before, key_edge, key_condition, before.fetch, id(edge), before.way)
        fetch.parents |= used | self._from_above(step, following)
        fetch.requirement.fragment(before.node.type_name).merge(requirement)
        self._take_contexts(fetch, step, edge, following)
        return self._inside(before, key_edge, fetch)

    def _required_on_entry(
        self, before: Cursor, outside: Cursor, step: Step, edge: FieldEdge, following: _Following
    ) -> Cursor:
        """The entity was just entered: what the field requires can come along, or in a second fetch."""
        assert step.condition is not None  # noqa: S101
        assert step.prev is not None  # noqa: S101
        used, requirement = self._satisfy(outside, step.condition)
        used = used | self._from_above(step, following)
        fetch, place = before.fetch, before
        held = fetch.requirement.fragment(outside.node.type_name)
        own_type = outside.node.type_name
        grows = not held.clashes(requirement) and fetch.admits(
            own_type, self.graph.possible[own_type], outside.way, None
        )
        if not grows or not used <= fetch.ancestors():
            key_edge, key_condition = step.prev.element, step.prev.condition
            assert isinstance(key_edge, KeyEdge)  # noqa: S101
            assert key_condition is not None  # noqa: S101
            fetch = self._entity_fetch(outside, key_edge, key_condition, outside.fetch, id(edge), outside.way)
            fetch.parents |= used
            place = self._inside(outside, key_edge, fetch)
        fetch.requirement.fragment(outside.node.type_name).merge(requirement)
        self._take_contexts(fetch, step, edge, following)
        return place

    # Contexts

    def _required_within(
        self, before: Cursor, entry: Step, fields: int, step: Step, edge: FieldEdge, following: _Following
    ) -> bool:
        """The fetch was entered below what is taken from above: it can wait for that, if none would lack it."""
        outside, fetch = self._follow(entry, following).entered_from, before.fetch
        assert outside is not None  # noqa: S101
        own_type = outside.node.type_name
        used = self._from_above(step, following)
        if not fetch.admits(own_type, self.graph.possible[own_type], outside.way, None):
            return False
        if any(one is fetch or fetch in one.ancestors() for one in used):
            return False
        fetch.parents |= used
        self._take_contexts(fetch, step, edge, following, fields)
        return True

    def _from_above(self, step: Step, following: _Following) -> set[Fetch]:
        """Select what the field takes from above; the fetches that give it."""
        used: set[Fetch] = set()
        for value in step.contexts:
            found, _ = self._satisfy(self._follow(value.place, following), value.condition)
            used |= found
        return used

    def _take_contexts(
        self, fetch: Fetch, step: Step, edge: FieldEdge, following: _Following, fields: int = 0
    ) -> None:
        """Have the fetch send them; it was entered ``fields`` above the field."""
        for value in step.contexts:
            variable = variable_name(step.node.type_name, edge.name, value.argument)
            fetch.context_variables[variable] = value.argument.type
            shape = self._follow(value.place, following).shape
            rewrites = context_rewrites(value, value.levels - fields, variable, shape)
            fetch.context_rewrites.update(dict.fromkeys(rewrites))


def _with_conditions(pending: Pending, directives: str) -> Pending:
    """What is pending where a selection with these directives has been passed."""
    if not directives:
        return pending
    found = {(match[0], (match[1],)) for match in _CONDITION.finditer(directives)}
    return tuple(sorted(found.union(pending)))
