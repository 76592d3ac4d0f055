"""An operation that has been executed before: what its document and the schema say is found once.

graphql-core looks for the operation and its fragments, and for each variable's type, with every request, and then goes
through the values node by node. Here only the values are new; such that are anything but plain are left to it. Where the
operation is compiled it runs without an executor: one is made when something unusual needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
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

from subgraphs.kit.execution.assembly import Plan
from subgraphs.kit.execution.context import CompiledExecutionContext
from subgraphs.kit.execution.operations import CompiledOperations, operations_of

__all__ = ["Entry", "Unmade"]

_Coerce: TypeAlias = Callable[[Any], Any]


class _Unusual(Exception):
    """Left to graphql-core, which knows what to say of it."""


class Unmade:
    """Stands for an executor, which is made when more is asked of it than what nearly every run needs."""

    __slots__ = ("_made", "_make", "context_value", "root_value", "variable_values")

    hide_suggestions = False
    is_awaitable = staticmethod(optimized_is_awaitable)

    def __init__(
        self, make: Callable[[], Executor[Any]], values: VariableValues, context_value: Any, root_value: Any
    ) -> None:
        self.variable_values = values
        self.context_value = context_value
        self.root_value = root_value
        self._make = make
        self._made: Executor[Any] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)

    @property
    def errors(self) -> list[GraphQLError]:
        """What was collected so far."""
        return [] if self._made is None else list(self._made.collected_errors.errors)


class Entry:
    """One operation of a document, by an executor of it."""

    def __init__(self, schema: GraphQLSchema, executor: Executor[Any]) -> None:
        self._schema = schema
        self._fragment_definitions = executor.fragment_definitions
        self._fragments = executor.fragments
        self._operation = executor.operation
        self._context: Any = None
        self._compiled: CompiledOperations | None = None
        self._variables: list[tuple[GraphQLVariableSignature, _Coerce]] = []
        for node in executor.operation.variable_definitions or ():
            signature = get_variable_signature(schema, node)
            if isinstance(signature, GraphQLVariableSignature):  # else it would have no executor
                self._variables.append((signature, _coercing(signature.type)))

    def values(self, variables: Mapping[str, Any]) -> VariableValues | None:
        """The variables as graphql-core would have them; None where it has to say."""
        try:
            return self._values(variables)
        except Exception:  # of a scalar's own making, too
            return None

    def plan(self, context: Any, values: VariableValues) -> Plan | None:
        """What is compiled for executors of the class ``context``, where nothing but the plan is needed to answer."""
        if context is not self._context:
            self._context, self._compiled = context, self._operations(context)
        if self._compiled is None:
            return None
        return self._compiled.known(self._operation, self._fragment_definitions, values.coerced)

    def executor(
        self, context: Any, values: VariableValues, context_value: Any, root_value: Any
    ) -> Executor[Any]:
        """A new executor of the class ``context``, as its ``build`` would make it."""
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

    def _operations(self, context: Any) -> CompiledOperations | None:
        if not issubclass(context, CompiledExecutionContext) or context.options.shadow_rate:
            return None
        executor = self.executor(context, VariableValues({}, {}), None, None)
        is_compiled = isinstance(executor, CompiledExecutionContext) and executor.may_be_compiled()
        return operations_of(self._schema, context.options) if is_compiled else None

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
        inner: Any = type_.of_type
        if is_non_null_type(inner) and is_leaf_type(inner.of_type):
            return _of_leaves(inner.of_type.coerce_input_value)
        item = _coercing(inner)

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


def _of_leaves(coerce: _Coerce) -> _Coerce:
    """Of a list without nulls, of which representations are one: no more is called than has to be."""

    def listed(value: Any) -> list[Any]:
        if value.__class__ is not list:
            raise _Unusual
        made = []
        for each in value:
            one = Undefined if each is None or each is Undefined else coerce(each)
            if one is Undefined:
                raise _Unusual
            made.append(one)
        return made

    return listed


def _refused(value: Any) -> Any:
    """An input object: rare, and much may be wrong with it."""
    raise _Unusual
