"""The same operation on the stock executor and compiled, from equal beginnings; the answers side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult as CoreResult
from strawberry import Schema
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.execution import ExecutionResult

from subgraphs.kit.execution import CompiledExecutionContext, Options

__all__ = ["AT_ONCE", "Answer", "Calls", "answer", "answers", "answers_sync", "executed_by"]


class _AtOnce(CompiledExecutionContext):
    """Compiles what it is given the first time, and tells how often it ran what it compiled."""

    options = Options(compile_after=0)
    runs = 0

    def _execute(self, plan: Any, watch: Any) -> Any:
        type(self).runs += 1
        return super()._execute(plan, watch)


AT_ONCE = _AtOnce


class Calls:
    """Takes in the calls of a timed resolver."""

    def __init__(self) -> None:
        self.executions = self.operations = 0
        self.took: list[float] = []

    def clock(self) -> float:
        return 0.0

    def settle(self) -> None:
        self.took.clear()

    def succeeded(self, seconds: float, trace: str | None, times: int = 1) -> None: ...

    def failed(self, seconds: float, trace: str | None, times: int = 1) -> None: ...


@dataclass
class Answer:
    """An answer in a form that compares: order of keys, types of leaves and all of each error."""

    data: Any
    errors: list[tuple[Any, ...]]
    told: list[Any] = field(default_factory=list)
    """What resolvers and loaders wrote down, where the test gave them something to write on."""


def answer(result: ExecutionResult | CoreResult, told: list[Any] | None = None) -> Answer:
    """Errors sorted: the specification gives them no order."""
    errors = [
        (tuple(map(str, e.path or ())), e.message, tuple(e.locations or ()), repr(e.extensions))
        for e in result.errors or ()
    ]
    return Answer(_ordered(result.data), sorted(errors), told or [])


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, _ordered(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    return type(value).__name__, value


@contextmanager
def executed_by(schema: Schema, context: type[Any]) -> Iterator[None]:
    """The schema with this execution context class."""
    before = schema.execution_context_class
    schema.execution_context_class = context
    try:
        yield
    finally:
        schema.execution_context_class = before


async def answers(
    schema: Schema,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    context: Callable[[list[Any]], Any] = lambda told: None,
    root: Any = None,
    operation_name: str | None = None,
) -> tuple[Answer, Answer]:
    """Stock's answer, and the compiled one's second: what is learnt of classes the first time is used then."""
    found = []
    for executor in (StrawberryGraphQLCoreExecutionContext, AT_ONCE, AT_ONCE):
        told: list[Any] = []
        with executed_by(schema, executor):
            result = await schema.execute(
                query,
                dict(variables or {}),
                context_value=context(told),
                root_value=root,
                operation_name=operation_name,
            )
        found.append(answer(result, told))
    stock, first, second = found
    assert first == second
    return stock, second


def answers_sync(
    schema: Schema, query: str, variables: Mapping[str, Any] | None = None, *, root: Any = None
) -> tuple[Answer, Answer]:
    """The same through ``execute_sync``."""
    found = []
    for executor in (StrawberryGraphQLCoreExecutionContext, AT_ONCE):
        with executed_by(schema, executor):
            found.append(answer(schema.execute_sync(query, dict(variables or {}), root_value=root)))
    return found[0], found[1]
