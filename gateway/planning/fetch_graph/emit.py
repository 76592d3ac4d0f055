"""From fetches that wait for each other to a tree of plan nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.planning.fetch_graph.fetches import Fetch, SelectionSet
from gateway.planning.fetch_graph.operation_text import print_operation, representations_variable
from gateway.planning.plan import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    SequenceNode,
)

__all__ = ["Emitter", "in_parallel", "in_sequence"]

_CONDITION = re.compile(r" @(include|skip)\(if: \$(\w+)\)")


def in_sequence(nodes: Iterable[PlanNode]) -> PlanNode | None:
    """One after the other, flattened."""
    flat: list[PlanNode] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, SequenceNode) else (node,))
    return None if not flat else flat[0] if len(flat) == 1 else SequenceNode(tuple(flat))


def in_parallel(nodes: Iterable[PlanNode]) -> PlanNode | None:
    """All at once, flattened."""
    flat: list[PlanNode] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, ParallelNode) else (node,))
    return None if not flat else flat[0] if len(flat) == 1 else ParallelNode(tuple(flat))


@dataclass(frozen=True, slots=True)
class Emitter:
    """Prints fetches and nests them: a fetch that waits for one other alone stands in its branch."""

    operation_name: str | None
    declared: Mapping[str, str]
    directives: str

    def emit(self, fetches: list[Fetch]) -> PlanNode | None:
        """The plan of these fetches."""
        children: dict[Fetch, list[Fetch]] = {fetch: [] for fetch in fetches}
        for fetch in fetches:
            for parent in fetch.parents:
                children[parent].append(fetch)
        node, _, _ = self._stages([fetch for fetch in fetches if not fetch.parents], set(), children)
        return node

    def _stages(
        self, ready: list[Fetch], before: set[Fetch], children: Mapping[Fetch, list[Fetch]]
    ) -> tuple[PlanNode | None, set[Fetch], list[Fetch]]:
        """Run what is ready at once, then what only then can start; says what is done and what is left."""
        stages: list[PlanNode] = []
        done: set[Fetch] = set()
        left: list[Fetch] = []
        while ready:
            branches = [self._branch(fetch, before | done, children) for fetch in ready]
            parallel = in_parallel(node for node, _, _ in branches)
            if parallel is not None:
                stages.append(parallel)
            for _, finished, waiting in branches:
                done |= finished
                left.extend(waiting)
            known = before | done
            ready = list(dict.fromkeys(one for one in left if one.parents <= known and one not in done))
            left = [one for one in left if one not in ready and one not in done]
        return in_sequence(stages), done, left

    def _branch(
        self, fetch: Fetch, before: set[Fetch], children: Mapping[Fetch, list[Fetch]]
    ) -> tuple[PlanNode, set[Fetch], list[Fetch]]:
        known = before | {fetch}
        mine = [child for child in children[fetch] if child.parents <= known]
        others = [child for child in children[fetch] if not child.parents <= known]
        node = self._node(fetch)
        rest, done, left = self._stages(mine, known, children)
        whole = in_sequence([node, rest]) if rest is not None else node
        assert whole is not None  # noqa: S101
        return whole, done | {fetch}, others + left

    def _node(self, fetch: Fetch) -> PlanNode:
        conditions = []
        while (condition := self._condition(fetch)) is not None:
            conditions.append(condition)
        sent = self.fetch_node(fetch)
        node: PlanNode = sent
        if fetch.path:
            node = FlattenNode(fetch.path, sent, tuple(fetch.more_paths))
        for kind, variable in reversed(conditions):
            if kind == "include":
                node = ConditionNode(variable, if_clause=node)
            else:
                node = ConditionNode(variable, else_clause=node)
        return node

    def fetch_node(self, fetch: Fetch) -> FetchNode:
        """The fetch itself."""
        text, variables = print_operation(fetch, self.operation_name, self.declared, self.directives)
        name = None
        if self.operation_name:
            name = re.split(r"\W", text.split(" ", 1)[1], maxsplit=1)[0]
        return FetchNode(
            subgraph=fetch.subgraph,
            operation=text,
            operation_kind=fetch.kind,
            operation_name=name,
            variable_usages=variables,
            requires=fetch.requirement.frozen() if fetch.is_entity else (),
            representations=representations_variable(variables),
            input_rewrites=tuple(fetch.input_rewrites),
            output_rewrites=tuple(fetch.output_rewrites),
            context_rewrites=tuple(fetch.context_rewrites),
            id=fetch.identity,
        )

    @staticmethod
    def _condition(fetch: Fetch) -> tuple[str, str] | None:
        """The condition that everything in the fetch is under, taken off it."""
        if fetch.kind == "subscription":
            return None
        tops = [fetch.selections]
        if fetch.is_entity:
            tops = list(fetch.selections.fragments.values())
        shared = {text for top in tops for text in _conditions(top)}
        if len(shared) != 1:
            return None
        text = shared.pop()
        match = _CONDITION.fullmatch(text)
        if match is None:
            return None
        for top in tops:
            _strip(top)
        return match[1], match[2]


def _conditions(top: SelectionSet) -> Iterable[str]:
    if top.typename:
        yield ""
    for _, directives in top.fields:
        yield directives
    for _, directives in top.fragments:
        yield directives


def _strip(top: SelectionSet) -> None:
    fields = list(top.fields.values())
    fragments = list(top.fragments.items())
    top.fields.clear()
    top.fragments.clear()
    for field in fields:
        field.directives, field.variables = "", _without_condition(field.arguments, field.variables)
        top.fields[field.key, ""] = field
    for (condition, _), body in fragments:
        body.variables = ()
        if condition is None:
            top.merge(body)
        else:
            top.fragment(condition, "", ()).merge(body)


def _without_condition(arguments: str, variables: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in variables if re.search(rf"\${one}\b", arguments))
