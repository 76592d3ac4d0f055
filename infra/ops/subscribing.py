"""A subscription of the operators' schema, each event of it executed in a thread: a page has hundreds of fields, and other
requests need not wait for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from graphql import ExecutionResult, GraphQLError, OperationType, get_operation_ast, parse, validate
from graphql.execution import (
    Executor,
    create_source_event_stream,
    execute_subscription_event,
    map_source_to_response_event,
)

from infra.ops.schema import SCHEMA, Watcher

__all__ = ["subscribed"]

_SCHEMA: Final = SCHEMA._schema


async def subscribed(
    query: str, variables: Mapping[str, Any], operation_name: str | None, watcher: Watcher
) -> AsyncIterator[ExecutionResult]:
    """One result an event; one result with errors where the document or its variables do not fit.

    Raises RequestRefused where too many watch.
    """
    try:
        executor = _executor(query, variables, operation_name, watcher)
    except GraphQLError as error:
        yield ExecutionResult(None, [error])
        return
    if isinstance(executor, list):
        yield ExecutionResult(None, executor)
        return
    found = create_source_event_stream(executor)
    source = await found if inspect.isawaitable(found) else found
    if isinstance(source, ExecutionResult):
        yield source
        return
    results = map_source_to_response_event(executor, source, _in_a_thread)
    async with contextlib.aclosing(results):
        async for result in results:
            yield result


def _executor(
    query: str, variables: Mapping[str, Any], operation_name: str | None, watcher: Watcher
) -> Executor[Any] | list[GraphQLError]:
    document = parse(query)
    operation = get_operation_ast(document, operation_name)
    if operation is not None and operation.operation is not OperationType.SUBSCRIPTION:
        raise GraphQLError("As events there are subscriptions alone.")
    return validate(_SCHEMA, document) or Executor.build(
        _SCHEMA,
        document,
        context_value=watcher,
        raw_variable_values=dict(variables),
        operation_name=operation_name,
    )


async def _in_a_thread(executor: Executor[Any]) -> ExecutionResult:
    """Nothing of an event is awaited: all of it is attributes."""
    result = await asyncio.to_thread(execute_subscription_event, executor)
    assert isinstance(result, ExecutionResult)  # noqa: S101
    return result
