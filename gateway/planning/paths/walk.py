"""Finding, for every selection, all the ways by which it can be had.

``options`` are the ways that lead to where a selection set stands. A field is taken directly where the
subgraph answers for it, else after entering another subgraph by a key. A selection that one subgraph
answers whole is not looked into: it becomes part of one unit, together with everything else that can be
had by exactly the same ways. Where a field cannot be had of an interface or union as such, it is asked
of each type it can be.
"""

from __future__ import annotations

from gateway.planning.errors import Unsatisfiable
from gateway.planning.limits import Budget
from gateway.planning.paths.best import prune
from gateway.planning.paths.covers import Coverage
from gateway.planning.paths.requiring import Requiring, charged
from gateway.planning.paths.resolving import Resolver
from gateway.planning.paths.steps import Condition, Kind, Step, Unit
from gateway.planning.paths.units import Units
from gateway.query_graph.graph import DEAD, EXPLODE, KeyEdge, Node, QueryGraph
from gateway.query_graph.selection import TYPENAME, Field, Fragment, Selection, Selections

__all__ = ["Walker"]


class Walker:
    """Walks one operation; what follows from the graph alone is kept in the graph's caches."""

    def __init__(self, graph: QueryGraph, budget: Budget) -> None:
        self.graph = graph
        self.coverage = Coverage(graph)
        self.budget = budget
        self.resolver = Resolver(graph, self.coverage, self.units)
        self._requiring = Requiring(graph, self.coverage, self.resolver, budget)
        self._fragments: dict[tuple[int, str], Fragment] = {}
        self._kept: list[object] = []

    def units(self, options: list[Step], selections: Selections, type_name: str) -> list[Unit]:
        """Every selection with the ways to have it; raises Unsatisfiable."""
        units = Units()
        self._walk(options, selections, type_name, units)
        return units.all()

    def _walk(self, options: list[Step], selections: Selections, type_name: str, units: Units) -> None:
        for selection in selections:
            self.budget.step()
            if isinstance(selection, Field):
                self._field(options, selection, type_name, units)
            else:
                self._fragment(options, selection, type_name, units)

    # Fields

    def _field(self, options: list[Step], field: Field, type_name: str, units: Units) -> None:
        if field.name == "__typename":
            self._typename(options, field, type_name, units)
            return
        direct: list[Step] = []
        covering: list[Step] = []
        elsewhere: list[Step] = []
        for option in options:
            ready = self._requiring.ready(option, field)
            if ready is None:
                elsewhere.append(option)
                continue
            direct.append(ready)
            if field.selections is None or self._covered(ready, field, field.selections):
                covering.append(ready)
            else:
                elsewhere.append(option)
        if covering or field.selections is None:
            # A way that does not answer here may still be the cheaper one, if it is taken anyway.
            found = covering + self._whole(self._indirect(elsewhere, field), field)
            if found:
                units.add(found, field)
            else:
                self._explode(options, field, type_name, units)
            return
        indirect = self._indirect(options, field)
        whole = [] if direct else self._whole(indirect, field)
        if whole:
            units.add(whole, field)
        else:
            self._composite(options, direct + indirect, field, type_name, units)

    def _whole(self, steps: list[Step], field: Field) -> list[Step]:
        if field.selections is None:
            return steps
        return [step for step in steps if self._covered(step, field, field.selections)]

    def _composite(
        self, options: list[Step], ready: list[Step], field: Field, type_name: str, units: Units
    ) -> None:
        if not ready:
            self._explode(options, field, type_name, units)
            return
        advanced = prune([self._advance(step, field) for step in ready])
        mark = units.mark()
        try:
            self._walk(advanced, field.selections or (), field.type_name, units)
        except Unsatisfiable:
            if len(self.graph.possible[type_name]) == 1 and type_name in self.graph.possible[type_name]:
                raise
            units.back_to(mark)
            self._explode(options, field, type_name, units)

    def _typename(self, options: list[Step], field: Field, type_name: str, units: Units) -> None:
        known = [option for option in options if not option.node.interface_object]
        if not known:
            known = self._entered_really(options)
        if not known:
            raise Unsatisfiable(type_name, "__typename")
        units.add(known, field)

    def _covered(self, step: Step, field: Field, selections: Selections) -> bool:
        target = step.node.fields[field.name].target
        return target is not None and self.coverage.covers(target, selections)

    def _advance(self, step: Step, field: Field) -> Step:
        known = step.memo.get(id(field))
        if known is not None:
            return known
        target = step.node.fields[field.name].target
        assert target is not None  # noqa: S101
        self.budget.step()
        made = Step(step, target, Kind.FIELD, (*step.path, field.key), step.charges, step.depth, field)
        step.memo[id(field)] = made
        self._kept.append(field)
        return made

    def _explode(self, options: list[Step], selection: Selection, type_name: str, units: Units) -> None:
        """Ask each type the object can be in turn, of subgraphs that can answer for all of theirs."""
        if type_name in self.graph.possible[type_name]:
            raise Unsatisfiable(type_name, selection.name if isinstance(selection, Field) else "...")
        able = options
        if len(options) > 1:
            able = [option for option in options if self._explodes([option], selection, type_name, Units())]
        if not able or not self._explodes(able, selection, type_name, units):
            raise Unsatisfiable(type_name, selection.name if isinstance(selection, Field) else "...")

    def _explodes(self, options: list[Step], selection: Selection, type_name: str, units: Units) -> bool:
        names = sorted(self._runtime(options, type_name))
        if not names:
            return False
        mark = units.mark()
        try:
            for name in names:
                self._fragment(options, self._for_type(name, selection), type_name, units, exploded=True)
        except Unsatisfiable:
            units.back_to(mark)
            return False
        return True

    def _runtime(self, options: list[Step], type_name: str) -> frozenset[str]:
        """What the object can be, by one of the options at least."""
        runtime: frozenset[str] = frozenset()
        for option in options:
            node = option.node
            runtime |= self.graph.possible[node.type_name] if node.interface_object else node.possible
        return runtime & self.graph.possible[type_name]

    def _for_type(self, name: str, selection: Selection) -> Fragment:
        key = (id(selection), name)
        made = self._fragments.get(key)
        if made is None:
            if isinstance(selection, Fragment):
                made = Fragment(name, selection.directives, selection.variables, selection.selections)
            else:
                made = Fragment(name, "", (), (selection,))
            self._fragments[key] = made
            self._kept.append(selection)
        return made

    # Fragments

    def _fragment(
        self, options: list[Step], fragment: Fragment, type_name: str, units: Units, *, exploded: bool = False
    ) -> None:
        condition = fragment.type_condition
        if condition is None:
            narrowed = [self._narrow(option, option.node, fragment) for option in options]
            self._walk(narrowed, fragment.selections, type_name, units)
            return
        alive: list[Step] = []
        dead: list[Step] = []
        unknown: list[Step] = []
        for option in options:
            target = self.graph.cast(option.node, condition)
            if isinstance(target, Node):
                alive.append(self._narrow(option, target, fragment))
            elif target == DEAD:
                dead.append(option)
            elif target == EXPLODE:
                for name in sorted(self.graph.possible[condition] & self._runtime(options, type_name)):
                    self._fragment(options, self._for_type(name, fragment), type_name, units)
                return
            else:
                unknown.append(option)
        if unknown and not alive:
            self._fragment(self._entered_really(unknown), fragment, type_name, units, exploded=exploded)
        elif alive and (exploded or not dead):
            self._walk(alive, fragment.selections, condition, units)
        elif dead:
            # Where one of the subgraphs can never answer with the type, no one is asked for it.
            units.add(dead + alive, TYPENAME)
        else:
            raise Unsatisfiable(condition, "__typename")

    def _narrow(self, option: Step, target: Node, fragment: Fragment) -> Step:
        if target is option.node and not fragment.directives:
            return option
        key = (target.number, fragment.directives)
        known = option.memo.get(key)
        if known is None:
            self.budget.step()
            known = Step(option, target, Kind.NARROW, option.path, option.charges, option.depth, fragment)
            option.memo[key] = known
        return known

    # Entering other subgraphs

    def _indirect(self, options: list[Step], field: Field) -> list[Step]:
        found: list[Step] = []
        for option in options:
            for edge, condition in self.resolver.entries(option.node):
                if field.name in edge.target.fields and (edge.key or option.path):
                    ready = self._requiring.ready(self._jump(option, edge, condition), field)
                    if ready is not None:
                        found.append(ready)
        return found

    def _entered_really(self, options: list[Step]) -> list[Step]:
        """Ways on from interface objects to where the interface is known as one."""
        return [
            self._jump(option, edge, condition)
            for option in options
            for edge, condition in self.resolver.entries(option.node)
            if not edge.target.interface_object
        ]

    def _jump(self, option: Step, edge: KeyEdge, condition: Condition) -> Step:
        known = option.memo.get(id(edge))
        if known is not None:
            return known
        self.budget.step()
        charges = charged(option, condition, edge.target.subgraph)
        known = Step(option, edge.target, Kind.JUMP, option.path, charges, option.depth + 1, edge, condition)
        option.memo[id(edge)] = known
        return known
