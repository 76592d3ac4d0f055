"""Where a value goes: completed by generated code, item by item, or by graphql-core; nulls and errors included.

``place`` takes a value as it came, ``settle`` one that is not to be awaited. Both put the completed value into
a container, or raise the located error that the place, not being nullable, passes on.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CoroutineType
from typing import Any, Protocol

from graphql import GraphQLError, GraphQLField, GraphQLObjectType, GraphQLOutputType
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import to_nodes
from graphql.pyutils import Path

from subgraphs.kit.execution.admission import CAST, Dispatch, ObjectClasses, Unusual
from subgraphs.kit.execution.run import Frame, Pending, Run
from subgraphs.kit.execution.selections import Field, Output

_new: Any = tuple.__new__
"""A named tuple without its own ``__new__``, which takes twice as long: of paths there is one a place."""

__all__ = ["AbstractBuilder", "Builder", "ListBuilder", "ObjectBuilder", "Place", "Step"]


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
        self.settle_otherwise(run, value, container, key, path, frame, awaited=False)

    def settle(self, run: Run, value: Any, container: Any, key: Any, path: Path, frame: Frame) -> None:
        """Complete a value that has been awaited."""
        if self.pure is not None:
            try:
                container[key] = self.pure(value)
                return
            except Exception:  # noqa: S110 # told, exactly, below
                pass
        self.settle_otherwise(run, value, container, key, path, frame, awaited=True)

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
        except (
            Exception
        ) as untold:  # of an error that cannot even be told: the next place above tells of that
            above = path.prev.as_list() if path.prev is not None else None
            run.bubble(GraphQLError(str(untold), path=above, original_error=untold), frame)

    def settle_otherwise(
        self, run: Run, value: Any, container: Any, key: Any, path: Path, frame: Frame, *, awaited: bool
    ) -> None:
        """Complete a value that is not for the generated function, or was not."""
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
        place, otherwise, is_pure = self._item.place, self._item.settle_otherwise, self._item.pure is not None
        items: list[Any] = []
        index = 0
        try:
            for index, item in enumerate(value):  # which resolvers may make longer or shorter meanwhile
                items.append(None)
                own_path = _new(Path, (path, index, None))
                if is_pure or item.__class__ is CoroutineType:
                    place(run, item, items, index, own_path, frame)
                else:
                    otherwise(run, item, items, index, own_path, frame, awaited=False)
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
        try:
            builder = self._dispatch.known.get(value.__class__)
            if builder is None:
                builder = self._dispatch.admit(value)
            elif getattr(value, CAST, None) is not None:
                raise Unusual
        except Exception:  # of the value's own making
            raise Unusual from None
        return builder.fill(run, value, path, frame)  # its class is one that the dispatch has let in


class Step(Protocol):
    """Answers some fields of an object; raises a located error where one passes it on."""

    def __call__(
        self, run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame
    ) -> None: ...
