"""The execution context class that runs compiled operations, and all else as Strawberry does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import getattr_static
from typing import Any, ClassVar, Final, cast

from graphql import (
    ExecutionResult,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import Executor, ExperimentalIncrementalExecutionResults
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution.assembly import Plan
from subgraphs.kit.execution.operations import operations_of
from subgraphs.kit.execution.options import Options
from subgraphs.kit.execution.recording import RECORDER, recording
from subgraphs.kit.execution.run import Run
from subgraphs.kit.execution.shadow import Shadow
from subgraphs.kit.execution.timing import WATCH, Watch, within

__all__ = ["CompiledExecutionContext", "is_as_made"]

Result = ExecutionResult | ExperimentalIncrementalExecutionResults

_ROUND_IT: Final = frozenset({"__init__", "build", "build_response", "execute_operation", "finish"})
"""Methods that stand round an execution, and are called for a compiled one too."""


def _changed(cls: type) -> frozenset[str]:
    """What of the stock executor a class has otherwise than ``CompiledExecutionContext``."""
    names = {name for base in StrawberryGraphQLCoreExecutionContext.__mro__ for name in vars(base)}
    own = {name for name in names if not name.startswith("__")} | {"__init__"}
    return frozenset(
        name
        for name in own
        if getattr_static(cls, name, None) is not getattr_static(CompiledExecutionContext, name, None)
    )


class CompiledExecutionContext(StrawberryGraphQLCoreExecutionContext):
    """``strawberry.Schema(..., execution_context_class=CompiledExecutionContext)``.

    Queries run compiled from their second use on. Mutations, subscriptions, ``@defer``, ``@stream``, schema extensions
    with ``resolve`` and directives of one's own run on the stock executor, as does what is recorded field by
    field or too large, and everything in a subclass that overrides how fields are executed or completed.
    """

    options: ClassVar[Options] = Options()
    _is_changed_inside: ClassVar[bool] = False
    _is_as_made: ClassVar[bool] = True
    _for_event = False
    """Whether this executes one event of a subscription, and not the subscription as a whole."""

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Look once at what of the executor a class of somebody's own changes."""
        super().__init_subclass__(**arguments)
        changed = _changed(cls)
        cls._is_changed_inside, cls._is_as_made = bool(changed - _ROUND_IT), not changed

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:
        """Made for each info that is. Kept, it would be a cycle: what a request holds would wait for the collector."""
        return GraphQLResolveInfoHelpers(gather=self.gather_async_work, track=self.track_async_work)

    @async_helpers.setter
    def async_helpers(self, value: GraphQLResolveInfoHelpers) -> None:
        """What the constructor made is let go."""

    @classmethod
    def configured(cls, options: Options) -> type[CompiledExecutionContext]:
        """The same class under other options."""
        return type(cls.__name__, (cls,), {"options": options})

    def execute_operation(self, serially: bool | None = None) -> Result | Awaitable[Result]:
        """As the base class has it; the answers are the same."""
        watch = Watch(self.options.trace())
        token = WATCH.set(watch)
        result: Any = None
        try:
            result = self._executed(watch, serially)
        finally:
            WATCH.reset(token)
            if not (awaited := self.is_awaitable(result)):
                watch.close()
        return within(watch, result) if awaited else result

    def build_per_event_executor(self, payload: Any) -> Executor[Any]:
        """As the base class has it."""
        made = super().build_per_event_executor(payload)
        if isinstance(made, CompiledExecutionContext):
            made._for_event = True
        return made

    def compile_now(self) -> bool:
        """Compile the operation without running it; whether it will run compiled."""
        return self._plan(now=True) is not None

    def may_be_compiled(self) -> bool:
        """Whether the operation is one for compiled code, should it not be too large."""
        options, name = self.options, self.operation.name
        return not (
            not options.enabled
            or self._is_changed_inside
            or self.operation.operation is not OperationType.QUERY
            or (name is not None and name.value in options.stock_operations)
            or self.abort_signal is not None
            or not self.error_propagation
            or (self.middleware_manager is not None and self.middleware_manager.middlewares)
            or self.field_resolver is not default_field_resolver
            or self.type_resolver is not default_type_resolver
        )

    def _plan(self, *, now: bool = False) -> Plan | None:
        return (
            operations_of(self.schema, self.options).plan(self, now=now) if self.may_be_compiled() else None
        )

    def _executed(self, watch: Watch, serially: bool | None) -> Any:
        recorder = RECORDER.get() or self.options.recorder()
        if recorder is not None:
            self.middleware_manager = recording(recorder, self.middleware_manager)
            return self._execute_stock(serially)
        plan = self._plan() if not serially else None
        if plan is None:
            return self._execute_stock(serially)
        shadow = Shadow.drawn(self, self.options)
        result = self._execute(plan, watch)
        return result if shadow is None else shadow.watched(result)

    def _execute_stock(self, serially: bool | None) -> Result | Awaitable[Result]:
        if self._for_event:
            return self._event(super().execute_operation)
        return super().execute_operation(serially)

    async def _event(self, execute: Callable[[bool], Result | Awaitable[Result]]) -> Result:
        name = self.operation.name
        with self.options.event(self.context_value, name.value if name is not None else None):
            result = execute(False)
            awaited = await cast("Awaitable[Result]", result) if self.is_awaitable(result) else result
            return cast("Result", awaited)

    def _execute(self, plan: Plan, watch: Watch) -> Result | Awaitable[Result]:
        run = Run(self, watch)
        return self._settled(run) if plan.start(run) else self.build_response(run.answer["data"])

    async def _settled(self, run: Run) -> Result:
        await run.settle()
        return self.build_response(run.answer["data"])


def is_as_made(context: type[Any]) -> bool:
    """Whether nobody has changed how this class makes executors, so that how they are made makes no difference."""
    if issubclass(context, CompiledExecutionContext):
        return context._is_as_made
    return context is StrawberryGraphQLCoreExecutionContext
