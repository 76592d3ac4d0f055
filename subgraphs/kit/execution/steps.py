"""How the fields of an object are answered: filled by generated code, called, or executed whole by graphql-core."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import CoroutineType, GeneratorType
from typing import Any

from graphql import GraphQLError, Undefined
from graphql.pyutils import Path

from subgraphs.kit.execution.admission import MOST_CLASSES, Unusual
from subgraphs.kit.execution.calls import Called, CallMany
from subgraphs.kit.execution.places import Place, Step
from subgraphs.kit.execution.run import Frame, Pending, Run, Waiting
from subgraphs.kit.execution.selections import Field
from subgraphs.kit.execution.timing import Tally

_new: Any = tuple.__new__
"""As in ``places``."""

__all__ = ["CallStep", "FillStep", "StockStep", "TogetherStep", "timed_call"]

Fill = Callable[[Any, dict[str, Any]], None]


class FillStep:
    """Fields that generated code builds from attributes; one by one by graphql-core where it cannot."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.fields = tuple(fields)
        self.fill: Fill = _unmade
        self._fallback: tuple[StockStep, ...] | None = None

    def __call__(
        self, run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame
    ) -> None:
        try:
            self.fill(source, answer)
        except Exception:
            if self._fallback is None:
                self._fallback = tuple(StockStep(field) for field in self.fields)
            for step in self._fallback:
                step(run, source, answer, path, frame)


class StockStep:
    """A field that graphql-core executes whole."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._place = Place(field, field.output, None)

    def __call__(
        self, run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame
    ) -> None:
        field, executor = self._field, run.executor
        own_path = _new(Path, (path, field.key, field.parent.name))
        value = executor.execute_field(field.parent, source, field.details, own_path, None)
        if value is Undefined:
            return
        if executor.is_awaitable(value):
            answer[field.key] = None
            run.met.append(Pending(value, self._place, True, answer, field.key, own_path, frame))
        else:
            answer[field.key] = value


class CallStep:
    """A field whose value is got by calling something."""

    def __init__(self, field: Field, call: Callable[[Run, Any, Path], Any], place: Place) -> None:
        self._key = field.key
        self._parent = field.parent.name
        self._call = call
        self._place = place

    def __call__(
        self, run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame
    ) -> None:
        key, place = self._key, self._place
        own_path = _new(Path, (path, key, self._parent))
        try:
            value = self._call(run, source, own_path)
        except Exception as error:
            place.failed(run, error, answer, key, own_path)
            return
        try:
            place.place(run, value, answer, key, own_path, frame)
        except Exception as error:
            if isinstance(error, GraphQLError) or _can_be_looked_at(run, value):
                raise
            place.failed(run, error, answer, key, own_path)


def timed_call(field: Field, called: Called, place: Place, tally: Tally) -> Step:
    """The step of a field whose value is got by calling something that is timed.

    A function, as most of what a step like that costs is what it takes to come to what it knows. Where its own path is of
    use only if something comes of it that is unusual, that is made then.
    """
    key, parent, clock = field.key, field.parent.name, tally.clock
    call, plain = called.call, called.plain
    at_once: set[type] = set()
    """Classes of this field's values that turned out to be nothing to wait for; not all of them, where they are many."""
    usual: type | None = None
    """One of them."""

    def is_awaited(run: Run, value: Any) -> bool:
        """Generators apart, that is for a class to say."""
        if run.executor.is_awaitable(value):
            return True
        if value.__class__ is not GeneratorType:
            nonlocal usual
            usual = value.__class__
            if len(at_once) < MOST_CLASSES:
                at_once.add(usual)
        return False

    def step(run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame) -> None:
        own_path: Any = _new(Path, (path, key, parent)) if plain is None else None
        watch = run.watch
        tally.executions += 1  # as ``watch.count``, without the call
        watch.called[tally] = True
        began = clock()
        try:
            value = call(run, source, own_path) if plain is None else plain(source)
        except BaseException as error:
            tally.failed(clock() - began, watch.trace)
            if not isinstance(error, Exception):
                raise
            place.failed(run, error, answer, key, own_path or _new(Path, (path, key, parent)))
            return
        try:
            kind = value.__class__
            if (
                kind is not usual
                and kind not in at_once
                and (kind is CoroutineType or is_awaited(run, value))
            ):
                answer[key] = None
                own_path = own_path or _new(Path, (path, key, parent))
                pending = _new(Pending, (value, place, False, answer, key, own_path, frame, tally, began))
                run.met.append(pending)
                return
            if watch.trace is None:  # as ``watch.succeeded``
                tally.took.append(clock() - began)
            else:
                tally.succeeded(clock() - began, watch.trace)
            if (pure := place.pure) is not None:
                try:
                    answer[key] = pure(value)
                    return
                except Exception:  # noqa: S110 # told, exactly, below
                    pass
            own_path = own_path or _new(Path, (path, key, parent))
            place.settle_otherwise(run, value, answer, key, own_path, frame, awaited=True)
        except Exception as error:
            if isinstance(error, GraphQLError) or _can_be_looked_at(run, value):
                raise
            place.failed(run, error, answer, key, own_path or _new(Path, (path, key, parent)))

    return step


class TogetherStep:
    """A field whose values are got for all the objects that come to it in one pass, by one call."""

    def __init__(self, field: Field, call: CallMany, place: Place, tally: Tally | None) -> None:
        self._key = field.key
        self._parent = field.parent.name
        self._call = call
        self._place = place
        self._tally = tally

    def __call__(
        self, run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame
    ) -> None:
        answer[self._key] = None
        own_path = _new(Path, (path, self._key, self._parent))
        waiting = _new(Waiting, (source, answer, own_path, frame))
        run.gathered.setdefault(self, []).append(waiting)

    async def settle(self, run: Run, waiting: list[Waiting]) -> None:
        """Get the values and complete each in its place, those apart that are exceptions."""
        tally, key, place, trace = self._tally, self._key, self._place, run.watch.trace
        if tally is not None:
            run.watch.count(tally, len(waiting))
            began = tally.clock()
        try:
            values = await self._call(run, [w.source for w in waiting], waiting[0].path)
            if len(values) != len(waiting):
                raise ValueError(f"{len(values)} values were resolved together for {len(waiting)} objects")
        except Exception as error:
            values = [error] * len(waiting)
        except BaseException:
            if tally is not None:
                tally.failed(tally.clock() - began, trace, len(waiting))
            raise
        if tally is not None:
            seconds = tally.clock() - began
        failures, pure = 0, place.pure
        for value, (_, answer, path, frame) in zip(values, waiting, strict=True):
            if isinstance(value, Exception):
                failures += 1
                place.failed_late(run, value, answer, key, path, frame)
                continue
            if pure is not None:
                try:
                    answer[key] = pure(value)
                    continue
                except Exception:  # noqa: S110 # told, exactly, below
                    pass
            try:
                place.settle_otherwise(run, value, answer, key, path, frame, awaited=True)
            except Exception as error:
                place.failed_late(run, error, answer, key, path, frame)
        if tally is not None:
            if failures:
                tally.failed(seconds, trace, failures)
            if failures < len(values):
                tally.succeeded(seconds, trace, len(values) - failures)


def _can_be_looked_at(run: Run, value: Any) -> bool:
    """Whether it lets itself be asked for its class, and that for its hash: else the field has failed with it."""
    try:
        run.executor.is_awaitable(value)
    except Exception:
        return False
    return True


def _unmade(source: Any, answer: dict[str, Any]) -> None:
    raise Unusual
