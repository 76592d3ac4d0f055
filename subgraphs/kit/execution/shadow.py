"""A query run again by the stock executor, to see that it answers the same. Nobody waits longer but the sampled."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from contextvars import ContextVar
from copy import deepcopy
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult
from graphql.execution.incremental import IncrementalExecutor
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution.options import Difference, Options

__all__ = ["Shadow", "shadowing"]

_log = logging.getLogger(__name__)
_SHADOWING: ContextVar[bool] = ContextVar("shadowing", default=False)


def shadowing() -> bool:
    """Whether resolvers are being called a second time, only to compare: what counts calls need not count."""
    return _SHADOWING.get()


class Shadow:
    """A second executor of the same request, prepared before the first one can change anything."""

    def __init__(self, twin: IncrementalExecutor, options: Options) -> None:
        self._twin = twin
        self._options = options

    @classmethod
    def drawn(cls, executor: IncrementalExecutor, options: Options) -> Shadow | None:
        """One for the share of requests that the options say; None for the others."""
        if not options.shadow_rate or options.draw() >= options.shadow_rate:
            return None
        twin = executor.create_sub_executor()
        try:
            twin.variable_values = deepcopy(executor.variable_values)
        except Exception:  # uploads, and whatever else there is once only
            return None
        return cls(twin, options)

    def watched(self, result: Any) -> Any:
        """The same result; what it is, or comes to be, is compared."""
        if isawaitable(result):
            return self._watched_late(result)
        self._compare(result, self._stock())
        return result

    async def _watched_late(self, result: Awaitable[Any]) -> Any:
        answer = await result
        token = _SHADOWING.set(True)
        try:
            stock = self._stock()
            self._compare(answer, await stock if isawaitable(stock) else stock)
        except Exception:
            _log.exception("a shadow run failed")
        finally:
            _SHADOWING.reset(token)
        return answer

    def _stock(self) -> Any:
        token = _SHADOWING.set(True)
        try:
            return StrawberryGraphQLCoreExecutionContext.execute_operation(self._twin, None)
        except Exception:
            _log.exception("a shadow run failed")
            return None
        finally:
            _SHADOWING.reset(token)

    def _compare(self, compiled: Any, stock: Any) -> None:
        if isawaitable(stock) and hasattr(stock, "close"):
            stock.close()
        if not isinstance(compiled, ExecutionResult) or not isinstance(stock, ExecutionResult):
            return
        if _data(compiled.data) != _data(stock.data) or _errors(compiled) != _errors(stock):
            name = self._twin.operation.name
            self._options.on_difference(Difference(name.value if name else None, compiled, stock))


def _data(value: Any) -> Any:
    """Data in which the order of keys counts, and 1 is not 1.0."""
    if isinstance(value, dict):
        return [(key, _data(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [_data(item) for item in value]
    return type(value), value


def _errors(result: ExecutionResult) -> list[str]:
    """Errors, in no order: the specification has none."""
    return sorted(
        repr((error.path, error.message, error.locations, error.extensions)) for error in result.errors or ()
    )
