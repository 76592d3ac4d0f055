"""Where a value goes: completed by generated code, item by item, or by graphql-core; nulls and errors included.

``place`` takes a value as it came, ``settle`` one that is not to be awaited. Both put the completed value into
a container, or raise the located error that the place, not being nullable, passes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import CoroutineType
from typing import Any, Protocol

from graphql import GraphQLError, GraphQLField, GraphQLObjectType, GraphQLOutputType, Undefined
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import to_nodes
from graphql.pyutils import Path

from subgraphs.kit.execution.admission import CAST, Dispatch, ObjectClasses, Unusual
from subgraphs.kit.execution.calls import CallMany
from subgraphs.kit.execution.run import Frame, Pending, Run, Waiting
from subgraphs.kit.execution.selections import Field, Output
from subgraphs.kit.execution.timing import Tally

_new: Any = tuple.__new__
"""A named tuple without its own ``__new__``, which takes twice as long: of paths there is one a place."""

__all__ = [
    "AbstractBuilder",
    "CallStep",
    "FillStep",
    "ListBuilder",
    "ObjectBuilder",
    "Place",
    "StockStep",
    "TimedCallStep",
    "TogetherStep",
]

Fill = Callable[[Any, dict[str, Any]], None]


class Builder(Protocol):
    """Builds from a value; raises Unusual before it has called anything, or a located error."""

    def __call__(self, run: Run, value: Any, path: Path, frame: Frame) -> Any: ...


class Place:
    """One position of the answer: a field's, or an item's of a list in it."""

    __slots__ = ("build", "definition", "details", "nodes", "nullable", "parent", "pure", "type")

    def __init__(self, field: Field, output: Output, build: Builder | None) -> None:
        self.type: GraphQLOutputType = output.type
        self.nullable = output.nullable
        self.build = build
        self.pure: Callable[[Any], Any] | None = None
        """The generated function, set once it is there."""
        self.details: list[FieldDetails] = field.details
        self.nodes = to_nodes(field.details)
        self.definition: GraphQLField = field.definition
        self.parent: GraphQLObjectType = field.parent

    def place(self, run: Run, value: Any, container: Any, key: Any, path: Path, frame: Frame) -> None:
        """Complete a value, or await it first."""
        if value.__class__ is CoroutineType:
            container[key] = None
            run.met.append(Pending(value, self, False, container, key, path, frame))
            return
        if self.pure is not None:
            try:
                container[key] = self.pure(value)
                return
            except Exception:  # noqa: S110 # told, exactly, below
                pass
        self._settle(run, value, container, key, path, frame, awaited=False)

    def settle(self, run: Run, value: Any, container: Any, key: Any, path: Path, frame: Frame) -> None:
        """Complete a value that has been awaited."""
        if self.pure is not None:
            try:
                container[key] = self.pure(value)
                return
            except Exception:  # noqa: S110 # told, exactly, below
                pass
        self._settle(run, value, container, key, path, frame, awaited=True)

    def failed(self, run: Run, error: Exception, container: Any, key: Any, path: Path) -> None:
        """Null the place and note the error; raises it, located, where the place may not be null."""
        run.executor.handle_field_error(error, self.type, self.details, path)
        container[key] = None

    def failed_late(
        self, run: Run, error: Exception, container: Any, key: Any, path: Path, frame: Frame
    ) -> None:
        """The same after an await, where nobody is left to raise to."""
        try:
            self.failed(run, error, container, key, path)
        except GraphQLError as located:
            run.bubble(located, frame)

    def _settle(
        self, run: Run, value: Any, container: Any, key: Any, path: Path, frame: Frame, *, awaited: bool
    ) -> None:
        if value is None and self.nullable:
            container[key] = None
            return
        if self.build is not None:
            inner = Frame(frame, container, key, path) if self.nullable else frame
            try:
                container[key] = self.build(run, value, path, inner)
                return
            except Unusual:
                pass
            except Exception as error:
                self.failed(run, error, container, key, path)
                inner.dead = run.nulled = True
                return
        if not awaited and run.executor.is_awaitable(value):
            container[key] = None
            run.met.append(Pending(value, self, False, container, key, path, frame))
        else:
            self._settle_stock(run, value, container, key, path, frame)

    def _settle_stock(self, run: Run, value: Any, container: Any, key: Any, path: Path, frame: Frame) -> None:
        executor = run.executor
        field_path = path
        while isinstance(field_path.key, int) and field_path.prev is not None:
            field_path = field_path.prev
        try:
            info = executor.build_resolve_info(self.definition, self.nodes, self.parent, field_path)
            completed = executor.complete_value(self.type, self.details, info, path, value, None)
        except Exception as error:
            self.failed(run, error, container, key, path)
            return
        if executor.is_awaitable(completed):
            container[key] = None
            run.met.append(Pending(completed, self, True, container, key, path, frame))
        else:
            container[key] = completed


class ListBuilder:
    """A list whose items are placed one by one."""

    def __init__(self, item: Place) -> None:
        self._item = item

    def __call__(self, run: Run, value: Any, path: Path, frame: Frame) -> list[Any]:
        if value.__class__ is not list and value.__class__ is not tuple:
            raise Unusual
        place = self._item.place
        items: list[Any] = [None] * len(value)
        index = 0
        try:
            for index, item in enumerate(value):
                place(run, item, items, index, _new(Path, (path, index, None)), frame)
        except Exception:
            run.executor.track_async_work(value[index + 1 :])
            raise
        return items


class ObjectBuilder:
    """An object some of whose fields are more than attributes."""

    def __init__(self, type_: GraphQLObjectType) -> None:
        self._classes = ObjectClasses(type_)
        self.steps: tuple[Step, ...] = ()
        """In the order of the answer; set once all are there."""

    def __call__(self, run: Run, value: Any, path: Path, frame: Frame) -> dict[str, Any]:
        try:
            if value.__class__ not in self._classes.known:
                self._classes.admit(value)
            cast = getattr(value, CAST, None) if self._classes.may_be_cast else None
        except Exception:  # of the value's own making
            raise Unusual from None
        if cast is not None:
            raise Unusual
        return self.fill(run, value, path, frame)

    def fill(self, run: Run, value: Any, path: Path | None, frame: Frame) -> dict[str, Any]:
        """The object's answer, from a source that belongs to the type."""
        answer: dict[str, Any] = {}
        for step in self.steps:
            step(run, value, answer, path, frame)
        return answer


class AbstractBuilder:
    """An object of whichever of the possible types its class says."""

    def __init__(self, dispatch: Dispatch[ObjectBuilder]) -> None:
        self._dispatch = dispatch

    def __call__(self, run: Run, value: Any, path: Path, frame: Frame) -> dict[str, Any]:
        build = self._dispatch.known.get(value.__class__)
        if build is None:
            try:
                build = self._dispatch.admit(value)
            except Exception:  # of the value's own making
                raise Unusual from None
        return build(run, value, path, frame)


class Step(Protocol):
    """Answers some fields of an object; raises a located error where one passes it on."""

    def __call__(
        self, run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame
    ) -> None: ...


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
        place.place(run, value, answer, key, own_path, frame)


_AT_ONCE = frozenset({str, int, float, bool, type(None), list, tuple, dict})
"""Classes of which no value is awaited."""


class TimedCallStep:
    """A field whose value is got by calling something that is timed."""

    def __init__(
        self, field: Field, call: Callable[[Run, Any, Path], Any], place: Place, tally: Tally
    ) -> None:
        self._key = field.key
        self._parent = field.parent.name
        self._call = call
        self._place = place
        self._tally = tally
        self._clock = tally.clock

    def __call__(
        self, run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame
    ) -> None:
        key, place, tally, clock = self._key, self._place, self._tally, self._clock
        own_path = _new(Path, (path, key, self._parent))
        run.watch.count(tally)
        began = clock()
        try:
            value = self._call(run, source, own_path)
        except BaseException as error:
            tally.failed(clock() - began, run.watch.trace)
            if not isinstance(error, Exception):
                raise
            place.failed(run, error, answer, key, own_path)
            return
        kind = value.__class__
        if kind is CoroutineType or (kind not in _AT_ONCE and run.executor.is_awaitable(value)):
            answer[key] = None
            run.met.append(Pending(value, place, False, answer, key, own_path, frame, tally, began))
        else:
            tally.succeeded(clock() - began, run.watch.trace)
            place.settle(run, value, answer, key, own_path, frame)


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
        failures = 0
        for value, (_, answer, path, frame) in zip(values, waiting, strict=True):
            if isinstance(value, Exception):
                failures += 1
                place.failed_late(run, value, answer, key, path, frame)
                continue
            try:
                place.settle(run, value, answer, key, path, frame)
            except Exception as error:
                place.failed_late(run, error, answer, key, path, frame)
        if tally is not None:
            if failures:
                tally.failed(seconds, trace, failures)
            if failures < len(values):
                tally.succeeded(seconds, trace, len(values) - failures)


def _unmade(source: Any, answer: dict[str, Any]) -> None:
    raise Unusual
