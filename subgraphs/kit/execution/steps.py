"""How the fields of an object are answered: filled by generated code, called, or executed whole by graphql-core."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graphql import GraphQLError, Undefined
from graphql.pyutils import Path

from subgraphs.kit.execution.admission import Unusual
from subgraphs.kit.execution.places import Place
from subgraphs.kit.execution.run import Frame, Pending, Run
from subgraphs.kit.execution.selections import Field

_new: Any = tuple.__new__
"""As in ``places``."""

__all__ = ["CallStep", "FillStep", "StockStep", "can_be_looked_at"]

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
            if isinstance(error, GraphQLError) or can_be_looked_at(run, value):
                raise
            place.failed(run, error, answer, key, own_path)


def can_be_looked_at(run: Run, value: Any) -> bool:
    """Whether it lets itself be asked for its class, and that for its hash: else the field has failed with it."""
    try:
        run.executor.is_awaitable(value)
    except Exception:
        return False
    return True


def _unmade(source: Any, answer: dict[str, Any]) -> None:
    raise Unusual
