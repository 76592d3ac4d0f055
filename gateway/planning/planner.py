"""The planner: an operation in, a plan out, through the stages named in ``plan``."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import DocumentNode, OperationDefinitionNode

from gateway.config import Guards
from gateway.planning.defer.deferring import Deferring, Group
from gateway.planning.errors import TOO_COMPLEX, PlanningError, Unsatisfiable
from gateway.planning.fetch_graph.assemble import Assembler
from gateway.planning.fetch_graph.emit import Emitter, in_sequence
from gateway.planning.fetch_graph.fetches import Fetch
from gateway.planning.fetch_graph.operation_text import variable_definitions
from gateway.planning.fetch_graph.passes import optimize
from gateway.planning.limits import Budget
from gateway.planning.operation.deferrals import Deferral, find_deferrals, heeded
from gateway.planning.operation.root_fields import Selected, Task, by_response_key, deciding_variable
from gateway.planning.paths.best import choose, root_step
from gateway.planning.paths.steps import Unit
from gateway.planning.paths.walk import Walker
from gateway.planning.plan import (
    ConditionNode,
    FetchNode,
    OperationKind,
    PlanNode,
    QueryPlan,
    SubscriptionNode,
)
from gateway.planning.shape import Shape
from gateway.query_graph import Field, Node, QueryGraph, Selection, Selections, build_query_graph
from gateway.query_graph.printing import print_directive
from gateway.query_graph.selection import Conditions
from gateway.supergraph import Supergraph

__all__ = ["Planner"]

MAX_CONDITIONS = 3
"""Variables that decide on deferring, or on the order of mutations: each doubles the plans.

By a further one nothing is fetched apart, and equal fields of a mutation come where the first of them is.
"""


_GUARDS = Guards()


class Planner:
    """Plans operations over one supergraph; the query graph is built once for each set of labels."""

    def __init__(self, supergraph: Supergraph, guards: Guards = _GUARDS) -> None:
        self.supergraph = supergraph
        self._guards = guards
        self._graphs: dict[frozenset[str], QueryGraph] = {}

    def plan(
        self,
        document: DocumentNode,
        operation_name: str | None = None,
        active_labels: frozenset[str] = frozenset(),
        *,
        defer: bool = False,
    ) -> QueryPlan:
        """Plan an operation that is valid against the API schema; raises PlanningError.

        ``defer``: parts of the operation under ``@defer`` get fetches of their own, as far as they can.
        """
        task = Task(
            self._graph(active_labels), document, _operation(document, operation_name), Budget(self._guards)
        )
        deferrals = find_deferrals(document) if defer else {}
        try:
            if deferrals and task.operation.operation.value != "subscription":
                names = list(dict.fromkeys(one.condition for one in deferrals.values() if one.condition))
                return QueryPlan(_deferring(task, deferrals, names[:MAX_CONDITIONS], {}))
            return QueryPlan(_whole(task))
        except RecursionError:
            raise PlanningError(TOO_COMPLEX, "The operation is nested too deeply to plan") from None

    def _graph(self, active_labels: frozenset[str]) -> QueryGraph:
        labels = active_labels & self.supergraph.override_labels
        graph = self._graphs.get(labels)
        if graph is None:
            graph = self._graphs[labels] = build_query_graph(self.supergraph, labels)
        return graph


def _whole(task: Task) -> PlanNode | None:
    selected, run = Selected(task), _Run(task)
    if run.kind == "mutation":
        return run.mutation(selected, frozenset())
    selections = selected.under(frozenset())
    if not selections:
        return None
    if run.kind == "subscription":
        return run.subscription(selections)
    return run.emitter.emit(run.fetches(run.graph.roots[run.kind], selections))


def _deferring(
    task: Task, deferrals: Mapping[int, Deferral], undecided: list[str], decided: Mapping[str, bool]
) -> PlanNode | None:
    """A plan for each outcome of the variables that decide on deferring."""
    if undecided:
        first, *rest = undecided
        branches = [_deferring(task, deferrals, rest, {**decided, first: value}) for value in (True, False)]
        return branches[0] if branches[0] == branches[1] else ConditionNode(first, *branches)
    heed = heeded(deferrals, task.operation, decided)
    selected = Selected(task, {key: one.number for key, one in heed.items()})
    selections, run = selected.under(frozenset()), _Run(task)
    labels = {one.number: one.label for one in heed.values()}
    deferring = Deferring(run.graph, run.kind, run.root, run.emitter, run.budget, labels)
    return deferring.plan(selections, run.groups) if selections else None


class _Run:
    """What the stages of one plan share."""

    def __init__(self, task: Task) -> None:
        operation = task.operation
        self.graph = task.graph
        self.kind: OperationKind = operation.operation.value
        self.root = task.root
        directives = "".join(" " + print_directive(one) for one in operation.directives or ())
        name = operation.name.value if operation.name else None
        self.emitter = Emitter(name, variable_definitions(operation), directives)
        self.budget = task.budget
        self.number = 0

    def fetches(self, roots: tuple[Node, ...], selections: Selections) -> list[Fetch]:
        """Walk, choose, assemble, optimise."""
        walker = Walker(self.graph, self.budget)
        starts = [root_step(node) for node in roots]
        units: list[Unit] = walker.units(starts, selections, self.root)
        choices = choose(units, self.budget.branches)
        shape = Shape()
        shape.add(selections)
        assembler = Assembler(self.graph, self.kind, shape, self.budget)
        assembler.add(choices)
        self.budget.put_together(len(assembler.fetches))
        if self.kind == "mutation":
            assembler.fetches[0].selections.sort(
                (one.key, one.directives) for one in selections if isinstance(one, Field)
            )
        fetches = optimize(assembler.fetches)
        for fetch in fetches:
            fetch.number = self.number
            self.number += 1
        return fetches

    def mutation(self, selected: Selected, known: Conditions) -> PlanNode | None:
        """Root fields in turn; where conditions decide which of equal ones comes first, a plan for each."""
        selections = selected.under(known)
        variable = deciding_variable(selections) if len(known) < MAX_CONDITIONS else None
        if variable is not None:
            return ConditionNode(
                variable,
                self.mutation(selected, known | {(variable, True)}),
                self.mutation(selected, known | {(variable, False)}),
            )
        emitted = [self.emitter.emit(self.fetches(roots, some)) for roots, some in self.groups(selections)]
        return in_sequence(node for node in emitted if node is not None)

    def groups(self, selections: Selections) -> list[Group]:
        """What is fetched in turn: everything at once but for mutations.

        Of these neighbours of one subgraph go together, and each field comes from a single subgraph.
        """
        if self.kind != "mutation":
            return [(self.graph.roots[self.kind], selections)]
        groups: list[tuple[Node, list[Selection], bool]] = []
        for members in by_response_key(selections):
            node = self._only_subgraph(members)
            plain = all(isinstance(one, Field) for one in members)
            if plain and groups and groups[-1][0] is node and groups[-1][2]:
                groups[-1][1].extend(members)
            else:
                groups.append((node, list(members), plain))
        return [((node,), tuple(members)) for node, members, _ in groups]

    def _only_subgraph(self, selections: Selections) -> Node:
        best: tuple[int, Node] | None = None
        failure: Unsatisfiable | None = None
        for node in self.graph.roots[self.kind]:
            try:
                units = Walker(self.graph, self.budget).units([root_step(node)], selections, self.root)
            except Unsatisfiable as error:  # a spent budget is no reason to try elsewhere
                failure = failure or error
                continue
            charges = {}
            for step, _ in choose(units, self.budget.branches):
                charges.update(step.charges)
            cost = sum(charges.values())
            if best is None or cost < best[0]:
                best = (cost, node)
        if best is None:
            raise failure or PlanningError("UNSATISFIABLE", "No subgraph takes the mutation")
        return best[1]

    def subscription(self, selections: Selections) -> PlanNode | None:
        """A root stream from one subgraph, and the rest for each of its events."""
        fetches = self.fetches((self._only_subgraph(selections),), selections)
        first = [fetch for fetch in fetches if not fetch.parents]
        rest = [fetch for fetch in fetches if fetch.parents]
        primary: FetchNode = self.emitter.fetch_node(first[0])
        for fetch in rest:
            fetch.parents.discard(first[0])
        return SubscriptionNode(primary, self.emitter.emit(rest))


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is None:
        if len(operations) != 1:
            raise PlanningError("OPERATION_NAME_REQUIRED", "Say which of the operations to plan")
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise PlanningError("UNKNOWN_OPERATION", f"The document has no operation named {name}")
