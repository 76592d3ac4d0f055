"""A field's arguments, which are the same for every source: coerced once, and where nothing varies, once for all runs."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from graphql import GraphQLInputType, get_named_type, is_enum_type, specified_scalar_types
from graphql.execution.values import get_argument_values
from graphql.language import VariableNode

from subgraphs.kit.execution.run import Run
from subgraphs.kit.execution.selections import Field, has_variables

__all__ = ["Arguments"]

_UNCHANGEABLE = (str, int, float, bool, type(None), Enum)


class Arguments:
    """As graphql-core coerces them, or as ``named`` makes them of that."""

    __slots__ = (
        "_constant",
        "_definition",
        "_fragment",
        "_is_constant",
        "_named",
        "_node",
        "_none",
        "_passed",
    )

    def __init__(self, field: Field, named: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> None:
        first = field.details[0]
        self._definition = field.definition
        self._node = first.node
        self._fragment = first.fragment_variable_values
        self._named = named
        self._none = not field.definition.args and not first.node.arguments
        self._is_constant = not has_variables(first.node.arguments) and all(
            _is_read_alike(argument.type) for argument in field.definition.args.values()
        )
        self._passed = _passed(field)
        self._constant: dict[str, Any] | None = None

    def of(self, run: Run) -> dict[str, Any]:
        """To be read only; raises GraphQLError. Shared with other calls where nobody can change the values."""
        found = self._constant
        if found is None:
            found = run.arguments.get(self)
        if found is None:
            found = self._coerced(run)
            if self._named is not None:
                found = self._named(found)
            if all(isinstance(value, _UNCHANGEABLE) for value in found.values()):
                if self._is_constant:
                    self._constant = found
                else:
                    run.arguments[self] = found
        return found

    def _coerced(self, run: Run) -> dict[str, Any]:
        if self._none:
            return {}
        executor = run.executor
        if self._passed is not None:
            coerced = executor.variable_values.coerced
            values = {name: coerced.get(variable) for name, variable in self._passed}
            if all(value is not None for value in values.values()):
                return values
        return get_argument_values(
            self._definition, self._node, executor.variable_values, self._fragment, executor.hide_suggestions
        )


def _is_read_alike(type_: GraphQLInputType) -> bool:
    """Whether a literal of this type is always the same value. What a scalar of one's own reads may be another for each
    request: a number that is written otherwise for each tenant, for example."""
    named = get_named_type(type_)
    return is_enum_type(named) or any(named is known for known in specified_scalar_types.values())


def _passed(field: Field) -> tuple[tuple[str, str], ...] | None:
    """Each argument's name, and that of the variable it is; None where one is anything else."""
    given = {argument.name.value: argument.value for argument in field.details[0].node.arguments or ()}
    passed = []
    for name, definition in field.definition.args.items():
        value = given.get(name)
        if not isinstance(value, VariableNode):
            return None
        passed.append((definition.out_name or name, value.name.value))
    return tuple(passed)
