"""The operations one schema has compiled, by document and by the values of ``@skip`` and ``@include``."""

from __future__ import annotations

import asyncio
import logging
from asyncio import Future
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import GraphQLError, GraphQLSchema
from graphql.execution import Executor
from graphql.language import (
    DirectiveNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from subgraphs.kit.execution.assembly import Plan, compile_operation
from subgraphs.kit.execution.lru import WeighedCache
from subgraphs.kit.execution.options import Options
from subgraphs.kit.execution.selections import TooLarge

__all__ = ["CompiledOperations", "Survey", "operations_of", "survey"]

_log = logging.getLogger(__name__)
_EXTENSION = "compiled-execution"
_MOST_VARIANTS = 16
_MOST_AWAITED = 8
_TREE_BYTES = 120
"""About what a parsed document takes for each of its characters."""


class _Operation:
    """One operation of one document; alive, so that its nodes' identity is its name."""

    def __init__(self, executor: Executor[Any]) -> None:
        self.node = executor.operation
        self.fragments = executor.fragment_definitions
        self.conditions, self.selections, self.is_incremental = survey(self.node, self.fragments)
        self.variants: dict[tuple[Any, ...], Plan | None] = {}
        self.uses = 0
        loc = self.node.loc
        self.weight = 2_000 + (len(loc.source.body) * _TREE_BYTES if loc else 0)

    def is_of(self, node: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
        return self.node is node and (self.fragments is fragments or self.fragments == fragments)

    def values(self, coerced: Mapping[str, Any]) -> tuple[Any, ...]:
        """Those of its conditions."""
        return tuple([coerced.get(name) for name in self.conditions])


class CompiledOperations:
    """Plans of one schema, at most ``Options.cache_bytes`` of them. Threads may share them: at worst two compile the same."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known: WeighedCache[int, _Operation] = WeighedCache(options.cache_bytes)
        self._awaited: set[Future[Plan | None]] = set()

    def plan(self, executor: Executor[Any], *, now: bool = False) -> Plan | None:
        """The plan for this execution; None where it is to run on the stock executor.

        An operation is compiled when it is used often enough, or ``now``.
        """
        key = id(executor.operation)
        operation = self._known.get(key)
        if operation is None or not operation.is_of(executor.operation, executor.fragment_definitions):
            operation = _Operation(executor)
            self._known.put(key, operation, operation.weight)
        if operation.is_incremental:
            return None
        values = operation.values(executor.variable_values.coerced)
        if values in operation.variants:
            return operation.variants[values]
        operation.uses += 1
        if not now and operation.uses <= self._options.compile_after:
            return None
        if len(operation.variants) >= _MOST_VARIANTS:
            return None
        try:
            at_once = None if now else self._options.at_once
            if at_once is not None and operation.selections > at_once:
                raise TooLarge
            plan = _compiled(executor, self._options, at_once)
        except TooLarge:
            return self._compile_aside(executor, operation, values)
        self._keep(operation, values, plan)
        return plan

    def known(
        self,
        node: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        coerced: Mapping[str, Any],
    ) -> Plan | None:
        """The plan for these variables, where it is there."""
        operation = self._known.get(id(node))
        if operation is None or not operation.is_of(node, fragments):
            return None
        return operation.variants.get(operation.values(coerced))

    @property
    def compiled(self) -> int:
        """How many plans are kept."""
        return sum(plan is not None for operation in self._known for plan in operation.variants.values())

    async def idle(self) -> None:
        """Once nothing is being compiled in the thread."""
        while self._awaited:
            await asyncio.wait(self._awaited)

    def _compile_aside(
        self, executor: Executor[Any], operation: _Operation, values: tuple[Any, ...]
    ) -> Plan | None:
        """Compile in a thread; until then, the stock executor has the operation."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # nobody is held up
            plan = _compiled(executor, self._options)
            self._keep(operation, values, plan)
            return plan
        if len(self._awaited) >= _MOST_AWAITED:
            return None  # there will be another use
        operation.variants[values] = None
        future = loop.run_in_executor(_thread(), _compiled, executor, self._options)
        self._awaited.add(future)

        def keep(done: Future[Plan | None]) -> None:
            self._awaited.discard(done)
            if not done.cancelled():
                self._keep(operation, values, done.result())

        future.add_done_callback(keep)
        return None

    def _keep(self, operation: _Operation, values: tuple[Any, ...], plan: Plan | None) -> None:
        operation.variants[values] = plan
        if plan is not None:
            operation.weight += plan.weight
            self._known.put(id(operation.node), operation, operation.weight)


def _compiled(executor: Executor[Any], options: Options, most_fields: int | None = None) -> Plan | None:
    """None where it is not to be compiled; raises TooLarge where that is so for ``most_fields`` alone."""
    try:
        return compile_operation(
            executor, min(most_fields or options.most_fields, options.most_fields), options.deepest
        )
    except TooLarge:
        if most_fields is not None and most_fields < options.most_fields:
            raise
        return None
    except GraphQLError:  # of a condition without a value, which the stock executor tells where it is met
        return None
    except Exception:  # an answer from the stock executor is better than none
        name = executor.operation.name
        _log.exception("the operation %s could not be compiled", name.value if name else "without a name")
        return None


@lru_cache(maxsize=1)
def _thread() -> ThreadPoolExecutor:
    """One for all schemas: who compiles much waits for himself."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="compiling")


def operations_of(schema: GraphQLSchema, options: Options) -> CompiledOperations:
    """The schema's compiled operations under these options."""
    by_options: dict[Options, CompiledOperations] = schema.extensions.setdefault(_EXTENSION, {})
    found = by_options.get(options)
    if found is None:
        found = by_options[options] = CompiledOperations(options)
    return found


class Survey(NamedTuple):
    """What one look at an operation and its fragments tells."""

    conditions: tuple[str, ...]
    """The variables that decide which fields there are, sorted."""
    selections: int
    """Fields and fragments as written."""
    is_incremental: bool
    """Whether ``@defer`` or ``@stream`` is in it anywhere, if only for some values of a variable."""


def survey(node: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Survey:
    """Look at each selection once."""
    conditions: set[str] = set()
    selections, is_incremental = 0, False
    left: list[SelectionSetNode] = [node.selection_set, *(f.selection_set for f in fragments.values())]
    while left:
        for selection in left.pop().selections:
            selections += 1
            if selection.directives:
                conditions.update(_conditions(selection.directives))
                names = {directive.name.value for directive in selection.directives}
                is_incremental = is_incremental or not names.isdisjoint({"defer", "stream"})
            inner: SelectionSetNode | None = getattr(selection, "selection_set", None)
            if inner is not None:
                left.append(inner)
    return Survey(tuple(sorted(conditions)), selections, is_incremental)


def _conditions(directives: Iterable[DirectiveNode]) -> Iterator[str]:
    for directive in directives:
        if directive.name.value in {"skip", "include"}:
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
