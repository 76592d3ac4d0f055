"""A field whose values are got for many objects by one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql.pyutils import Path

from subgraphs.kit.execution.calls import CallMany
from subgraphs.kit.execution.places import Place
from subgraphs.kit.execution.run import Frame, Run, Waiting
from subgraphs.kit.execution.selections import Field
from subgraphs.kit.execution.timing import Tally

_new: Any = tuple.__new__
"""As in ``places``."""

__all__ = ["TogetherStep"]


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
        tally, trace = self._tally, run.watch.trace
        if tally is None:
            self._complete(run, await self._values(run, waiting), waiting)
            return
        run.watch.count(tally, len(waiting))
        began = tally.clock()
        try:
            values = await self._values(run, waiting)
        except BaseException:
            tally.failed(tally.clock() - began, trace, len(waiting))
            raise
        seconds = tally.clock() - began
        failures = self._complete(run, values, waiting)
        if failures:
            tally.failed(seconds, trace, failures)
        if failures < len(values):
            tally.succeeded(seconds, trace, len(values) - failures)

    async def _values(self, run: Run, waiting: list[Waiting]) -> Sequence[Any]:
        """One for each, an exception where there is none."""
        try:
            values = await self._call(run, [w.source for w in waiting], waiting[0].path)
            if len(values) != len(waiting):
                raise ValueError(f"{len(values)} values were resolved together for {len(waiting)} objects")
        except Exception as error:
            return [error] * len(waiting)
        return values

    def _complete(self, run: Run, values: Sequence[Any], waiting: list[Waiting]) -> int:
        """How many of them are exceptions."""
        failures, key, place = 0, self._key, self._place
        pure = place.pure
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
        return failures
