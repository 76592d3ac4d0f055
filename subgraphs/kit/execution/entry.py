"""Executors of an operation that has been executed before: what its document and the schema say is found once.

graphql-core looks for the operation and its fragments, and for each variable's type, with every request, and then goes
through the values node by node. Here only the values are new; such that are anything but plain are left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputType,
    GraphQLSchema,
    Undefined,
    default_field_resolver,
    default_type_resolver,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution import Executor
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from strawberry.execution import optimized_is_awaitable

__all__ = ["Entry"]

_Coerce: TypeAlias = Callable[[Any], Any]


class _Unusual(Exception):
    """Left to graphql-core, which knows what to say of it."""


class Entry:
    """One operation of a document, by an executor of it."""

    def __init__(self, schema: GraphQLSchema, executor: Executor[Any]) -> None:
        self._schema = schema
        self._fragment_definitions = executor.fragment_definitions
        self._fragments = executor.fragments
        self._operation = executor.operation
        self._variables: list[tuple[GraphQLVariableSignature, _Coerce]] = []
        for node in executor.operation.variable_definitions or ():
            signature = get_variable_signature(schema, node)
            if isinstance(signature, GraphQLVariableSignature):  # else it would have no executor
                self._variables.append((signature, _coercing(signature.type)))

    def executor(
        self, context: Any, variables: Mapping[str, Any], context_value: Any, root_value: Any
    ) -> Executor[Any] | None:
        """A new executor of the class ``context``, as its ``build`` would make it; None where that has to."""
        try:
            values = self._values(variables)
        except Exception:  # of a scalar's own making, too
            return None
        made: Executor[Any] = context(
            self._schema,
            self._fragment_definitions,
            self._fragments,
            root_value,
            context_value,
            self._operation,
            values,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=optimized_is_awaitable,
            operation_extensions=None,
        )
        return made

    def _values(self, given: Mapping[str, Any]) -> VariableValues:
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, coerce in self._variables:
            name = signature.name
            if name in given:
                value = given[name]
                sources[name] = VariableValueSource(signature, value)
                coerced[name] = coerce(value)
            elif signature.default is not None or is_non_null_type(signature.type):
                raise _Unusual
            else:
                sources[name] = VariableValueSource(signature)
        return VariableValues(sources, coerced)


def _coercing(type_: GraphQLInputType) -> _Coerce:
    if is_non_null_type(type_):
        given = _of_value(type_.of_type)

        def required(value: Any) -> Any:
            if value is None:
                raise _Unusual
            return given(value)

        return required
    nullable = _of_value(type_)
    return lambda value: None if value is None else nullable(value)


def _of_value(type_: Any) -> _Coerce:
    """Of what is not null."""
    if is_list_type(type_):
        item = _coercing(type_.of_type)

        def listed(value: Any) -> list[Any]:
            if value.__class__ is not list:
                raise _Unusual
            return [item(each) for each in value]

        return listed
    if not is_leaf_type(type_):
        return _refused
    coerce = type_.coerce_input_value

    def leaf(value: Any) -> Any:
        if value is Undefined or (made := coerce(value)) is Undefined:
            raise _Unusual
        return made

    return leaf


def _refused(value: Any) -> Any:
    """An input object: rare, and much may be wrong with it."""
    raise _Unusual
