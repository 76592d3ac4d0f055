"""Into a schema without Strawberry's extensions between, where it has none that would notice; and warming."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from itertools import product
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLError,
    OperationType,
    default_field_resolver,
    default_type_resolver,
    specified_rules,
)
from graphql.execution import Executor, ExperimentalIncrementalExecutionResults
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from graphql.language import FragmentDefinitionNode, OperationDefinitionNode
from strawberry.execution import optimized_is_awaitable
from strawberry.schema import Schema
from strawberry.schema.schema import DEFAULT_ALLOWED_OPERATION_TYPES
from strawberry.types.execution import ExecutionContext, ExecutionResult
from strawberry.utils.operation import get_operation_type

from subgraphs.kit.execution.assembly import Plan
from subgraphs.kit.execution.context import CompiledExecutionContext, is_as_made
from subgraphs.kit.execution.documents import Document, DocumentCache, documents_of
from subgraphs.kit.execution.entry import Entry, Unmade
from subgraphs.kit.execution.operations import survey
from subgraphs.kit.execution.recording import RECORDER, Recorder, recorded_by
from subgraphs.kit.execution.run import Run
from subgraphs.kit.execution.timing import WATCH, Watch

__all__ = ["DirectEntry", "warm"]

_RULES = tuple(specified_rules)
_MOST_CONDITIONS = 4


_Asked: TypeAlias = tuple[str, dict[str, Any] | None, Any, Any, str | None]
"""The arguments of ``execute``, for those who are told of errors."""


class DirectEntry:
    """``execute`` as the schema's own, without what that does for extensions.

    Whatever is not a valid query or mutation, and every schema with another extension than DocumentCache,
    goes to ``schema.execute``.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._documents = documents_of(schema._schema)
        self._context: Any = None
        self._is_as_made = False
        """Whether executors of the schema's class, which may be changed, need not be made by its ``build``."""
        self._open = all(isinstance(e, DocumentCache) for e in schema.get_extensions())

    async def execute(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """The answer; raises what ``schema.execute`` raises."""
        document = self._document(query)
        if document is None:
            return await self._schema.execute(query, variables, context_value, root_value, operation_name)
        asked = (query, variables, context_value, root_value, operation_name)
        context: Any = self._schema.execution_context_class
        if context is not self._context:
            self._context, self._is_as_made = context, is_as_made(context)
        entry = document.entries.get(operation_name) if self._is_as_made else None
        values = entry.values(variables or {}) if entry is not None else None
        recorder: Recorder | None = None
        if entry is not None and values is not None:
            make = partial(entry.executor, context, values, context_value, root_value)
            plan = entry.plan(context, values)
            if plan is not None:
                recorder = RECORDER.get() or context.options.recorder()
                if recorder is None:
                    unmade = Unmade(make, values, context_value, root_value)
                    return await self._run(plan, unmade, context, asked)
            executor = make()
        else:
            name = document.first_name() if operation_name is None else operation_name
            if not _is_answered_once(document, name):
                return await self._schema.execute(query, variables, context_value, root_value, operation_name)
            built = _executor(self._schema, document, variables, context_value, root_value, name)
            if isinstance(built, list):
                return self._failed(built, asked)
            executor = built
            if entry is None:
                document.entries[operation_name] = Entry(self._schema._schema, executor)
        with recorded_by(recorder) if recorder is not None else nullcontext():
            return await self._execute(executor, asked)

    async def _run(self, plan: Plan, executor: Unmade, context: Any, asked: _Asked) -> ExecutionResult:
        watch = Watch(context.options.trace())
        token = WATCH.set(watch)
        run = Run(executor, watch)
        try:
            if plan.start(run):
                await run.settle()
        except Exception as error:
            return self._failed([_located(error)], asked)
        finally:
            WATCH.reset(token)
            watch.close()
        errors = executor.errors
        if errors:
            return self._answered(run.answer["data"], errors, asked)
        return ExecutionResult(data=run.answer["data"], errors=None, extensions={})

    async def _execute(self, executor: Executor[Any], asked: _Asked) -> ExecutionResult:
        try:
            result: Any = executor.execute_operation()
            if optimized_is_awaitable(result):
                result = await result
        except Exception as error:
            return self._failed([_located(error)], asked)
        if isinstance(result, ExperimentalIncrementalExecutionResults):
            return cast("ExecutionResult", result)  # as ``schema.execute`` gives it, for whoever sends parts
        return self._answered(result.data, result.errors, asked)

    def _document(self, query: str) -> Document | None:
        if not self._open or not query:
            return None
        try:
            document = self._documents.get(query)
        except Exception:
            return None
        if document.entries:  # it was valid then
            return document
        return None if document.errors(self._schema._schema, _RULES) else document

    def _answered(self, data: Any, errors: list[GraphQLError] | None, asked: _Asked) -> ExecutionResult:
        result = ExecutionResult(data=data, errors=errors, extensions={})
        if errors:
            self._schema._process_errors(errors, self._told(asked, result))
        return result

    def _told(self, asked: _Asked, result: ExecutionResult) -> ExecutionContext:
        """What Strawberry has of an operation that has been executed."""
        query, variables, context_value, root_value, operation_name = asked
        made = self._schema._create_execution_context(
            query=query,
            allowed_operation_types=DEFAULT_ALLOWED_OPERATION_TYPES,
            variable_values=variables,
            context_value=context_value,
            root_value=root_value,
            operation_name=operation_name,
        )
        made.graphql_document = self._documents.get(query).tree
        made.pre_execution_errors, made.result = result.errors, result
        return made

    def _failed(self, errors: list[GraphQLError], asked: _Asked) -> ExecutionResult:
        return self._answered(None, errors, asked)


def warm(schema: Schema, queries: Iterable[str]) -> int:
    """Parse, validate and compile operations before they are asked; how many will run compiled.

    Each is compiled for every value of its conditions. Those that are not valid are left for their callers.
    """
    documents, compiled = documents_of(schema._schema), 0
    for query in queries:
        try:
            document = documents.get(query)
            if document.errors(schema._schema, _RULES):
                continue
        except GraphQLError:
            continue
        for definition in document.tree.definitions:
            if isinstance(definition, OperationDefinitionNode):
                compiled += _warmed(schema, document, definition)
    return compiled


def _warmed(schema: Schema, document: Document, operation: OperationDefinitionNode) -> bool:
    context: Any = schema.execution_context_class
    if not issubclass(context, CompiledExecutionContext):
        return False
    fragments = {d.name.value: d for d in document.tree.definitions if isinstance(d, FragmentDefinitionNode)}
    names = survey(operation, fragments).conditions
    if len(names) > _MOST_CONDITIONS:
        return False
    compiled = [
        context(
            schema._schema,
            fragments,
            {name: FragmentDetails(fragment) for name, fragment in fragments.items()},
            None,
            None,
            operation,
            VariableValues({}, dict(zip(names, values, strict=True))),
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
        ).compile_now()
        for values in product((True, False), repeat=len(names))
    ]
    return all(compiled)


def _executor(
    schema: Schema,
    document: Document,
    variables: dict[str, Any] | None,
    context_value: Any,
    root_value: Any,
    name: str | None,
) -> list[GraphQLError] | Executor[Any]:
    context: Any = schema.execution_context_class
    built: list[GraphQLError] | Executor[Any] = context.build(
        schema._schema,
        document.tree,
        root_value,
        context_value,
        variables,
        name,
        is_awaitable=optimized_is_awaitable,
        operation_extensions=None,
    )
    return built


def _located(error: Exception) -> GraphQLError:
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)


def _is_answered_once(document: Document, name: str | None) -> bool:
    try:
        kind = get_operation_type(document.tree, name)
    except RuntimeError:
        return False
    return kind.value in {OperationType.QUERY.value, OperationType.MUTATION.value}
