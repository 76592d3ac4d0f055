"""Fields that need others first (``@requires``, ``@fromContext``): by which ways what they need can be had before."""

from __future__ import annotations

from gateway.planning.limits import Budget
from gateway.planning.paths.best import FETCH, STAGE
from gateway.planning.paths.contexts import ContextValue, setting_places
from gateway.planning.paths.covers import Coverage
from gateway.planning.paths.resolving import Resolver
from gateway.planning.paths.steps import Charges, Condition, Kind, Step, entry_of
from gateway.query_graph.contexts import context_selections
from gateway.query_graph.graph import FieldEdge, QueryGraph
from gateway.query_graph.selection import Field, Selections

__all__ = ["Requiring", "charged"]

_NO_SELECTIONS: Selections = ()


def charged(
    option: Step, condition: Condition, fetch: str | None, contexts: tuple[ContextValue, ...] = ()
) -> Charges:
    """What the option is charged with, the conditions, and the ``fetch`` that they are for."""
    charges = dict(option.charges)
    for place, wanted in ((option, condition), *((one.place, one.condition) for one in contexts)):
        for (path, name), cost in wanted.charges.items():
            charges[(place.path + path, name)] = cost + STAGE * place.depth
    if fetch is not None:
        stages = option.depth + len(condition.charges)
        charges.setdefault((option.path, fetch), FETCH + STAGE * stages)
    return charges


class Requiring:
    """Makes fields ready to be asked, in one walk."""

    def __init__(self, graph: QueryGraph, coverage: Coverage, resolver: Resolver, budget: Budget) -> None:
        self._graph = graph
        self._coverage = coverage
        self._resolver = resolver
        self._budget = budget

    def ready(self, option: Step, field: Field) -> Step | None:
        """The way to where the field can be asked: as it is, or with what it requires fetched before."""
        edge = option.node.fields.get(field.name)
        if edge is None or (edge.requires is None and not edge.contexts):
            return None if edge is None else option
        key = id(edge)
        if key not in option.memo:
            option.memo[key] = self._require(option, edge, edge.requires or _NO_SELECTIONS)
        return option.memo[key]

    def _require(self, option: Step, edge: FieldEdge, requires: Selections) -> Step | None:
        if self._resolver.is_barred(id(edge)):
            return None
        if not edge.contexts and self._coverage.covers(option.node, requires):
            return option
        self._budget.step()
        with self._resolver.barring(id(edge)):
            contexts = self._contexts(option, edge)
            if contexts is None:
                return None
            return (
                self._require_on_entry(option, edge, requires, contexts)
                or self._require_within(option, edge, requires, contexts)
                or self._require_by_own_key(option, edge, requires, contexts)
            )

    def _require_on_entry(
        self, option: Step, edge: FieldEdge, requires: Selections, contexts: tuple[ContextValue, ...]
    ) -> Step | None:
        """What is required comes along with the key by which the entity was just entered."""
        if option.kind is not Kind.JUMP or option.prev is None:
            return None
        condition = self._resolver.resolve(option.prev.node, requires)
        if condition is None:
            return None
        charges = charged(option, condition, None, contexts)
        step = Step(option, option.node, Kind.REQUIRE, option.path, charges, option.depth, edge, condition)
        step.entry = True
        step.contexts = contexts
        return step

    def _require_within(
        self, option: Step, edge: FieldEdge, requires: Selections, contexts: tuple[ContextValue, ...]
    ) -> Step | None:
        """The subgraph was entered below where all values are set: they come along with its entities."""
        entry, fields = entry_of(option)
        if entry is None or not self._coverage.covers(option.node, requires):
            return None
        condition, own_key = (
            self._resolver.resolve(option.node, requires),
            self._resolver.own_key(option.node),
        )
        if condition is None or own_key is None or not all(value.place.precedes(entry) for value in contexts):
            return None
        charges = charged(option, condition, None, contexts)
        step = Step(
            option, option.node, Kind.REQUIRE, option.path, charges, option.depth, edge, condition, own_key
        )
        step.within = (entry, fields)
        step.contexts = contexts
        return step

    def _require_by_own_key(
        self, option: Step, edge: FieldEdge, requires: Selections, contexts: tuple[ContextValue, ...]
    ) -> Step | None:
        """What is required is fetched, then the same subgraph is entered anew."""
        condition = self._resolver.resolve(option.node, requires)
        own_key = self._resolver.own_key(option.node)
        if condition is None or own_key is None:
            return None
        charges = charged(option, condition, f"{option.node.subgraph}!", contexts)
        depth = option.depth + 2
        step = Step(option, option.node, Kind.REQUIRE, option.path, charges, depth, edge, condition, own_key)
        step.contexts = contexts
        return step

    def _contexts(self, option: Step, edge: FieldEdge) -> tuple[ContextValue, ...] | None:
        """How to get the values the field takes from above; None where one cannot be had."""
        found = []
        for argument in edge.contexts:
            places, levels = setting_places(self._graph, option, argument)
            value: ContextValue | None = None
            for place in places:
                selections = context_selections(self._graph, argument, place.node.type_name)
                condition = self._resolver.resolve(place.node, selections)
                if condition is not None and (value is None or condition.local):
                    value = ContextValue(argument, selections, place, levels, condition)
                    if condition.local:
                        break
            if value is None:
                return None
            found.append(value)
        return tuple(found)
