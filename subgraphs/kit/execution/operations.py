"""The operations one schema has compiled, by document and by the values of ``@skip`` and ``@include``."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLSchema
from graphql.execution import Executor
from graphql.language import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from subgraphs.kit.execution.assembly import Plan, compile_operation
from subgraphs.kit.execution.lru import WeighedCache
from subgraphs.kit.execution.options import Options
from subgraphs.kit.execution.selections import TooLarge

__all__ = ["CompiledOperations", "conditions_of", "operations_of"]

_log = logging.getLogger(__name__)
_EXTENSION = "compiled-execution"
_MOST_VARIANTS = 16
_TREE_BYTES = 120
"""About what a parsed document takes for each of its characters."""


class _Operation:
    """One operation of one document; alive, so that its nodes' identity is its name."""

    def __init__(self, executor: Executor[Any]) -> None:
        self.node = executor.operation
        self.fragments = executor.fragment_definitions
        self.conditions = tuple(sorted(conditions_of(self.node, self.fragments)))
        self.variants: dict[tuple[Any, ...], Plan | None] = {}
        self.uses = 0
        loc = self.node.loc
        self.weight = 2_000 + (len(loc.source.body) * _TREE_BYTES if loc else 0)

    def is_of(self, executor: Executor[Any]) -> bool:
        return self.node is executor.operation and self.fragments == executor.fragment_definitions


class CompiledOperations:
    """Plans of one schema, at most ``Options.cache_bytes`` of them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known: WeighedCache[int, _Operation] = WeighedCache(options.cache_bytes)

    def plan(self, executor: Executor[Any], *, now: bool = False) -> Plan | None:
        """The plan for this execution; None where it is to run on the stock executor.

        An operation is compiled when it is used often enough, or ``now``.
        """
        key = id(executor.operation)
        operation = self._known.get(key)
        if operation is None or not operation.is_of(executor):
            operation = _Operation(executor)
            self._known.put(key, operation, operation.weight)
        coerced = executor.variable_values.coerced
        values = tuple(coerced.get(name) for name in operation.conditions)
        if values in operation.variants:
            return operation.variants[values]
        operation.uses += 1
        if not now and operation.uses <= self._options.compile_after:
            return None
        if len(operation.variants) >= _MOST_VARIANTS:
            return None
        plan = operation.variants[values] = self._compiled(executor)
        if plan is not None:
            operation.weight += plan.weight
            self._known.put(key, operation, operation.weight)
        return plan

    def _compiled(self, executor: Executor[Any]) -> Plan | None:
        try:
            return compile_operation(executor, self._options)
        except TooLarge:
            return None
        except Exception:  # an answer from the stock executor is better than none
            name = executor.operation.name
            _log.exception("the operation %s could not be compiled", name.value if name else "without a name")
            return None


def operations_of(schema: GraphQLSchema, options: Options) -> CompiledOperations:
    """The schema's compiled operations under these options."""
    by_options: dict[Options, CompiledOperations] = schema.extensions.setdefault(_EXTENSION, {})
    found = by_options.get(options)
    if found is None:
        found = by_options[options] = CompiledOperations(options)
    return found


def conditions_of(node: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> set[str]:
    """The variables that decide which fields there are."""
    found: set[str] = set()
    left: list[SelectionSetNode] = [node.selection_set, *(f.selection_set for f in fragments.values())]
    while left:
        for selection in left.pop().selections:
            found.update(_condition(selection))
            if not isinstance(selection, FragmentSpreadNode):
                inner: SelectionSetNode | None = getattr(selection, "selection_set", None)
                if inner is not None:
                    left.append(inner)
    return found


def _condition(selection: Node) -> Iterator[str]:
    for directive in getattr(selection, "directives", None) or ():
        if directive.name.value in {"skip", "include"}:
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
