"""Lines of log that wait for others: written some at a time, each costs a fifth of what it does between two requests."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

from gateway.telemetry.logs import Line, in_one_write

__all__ = ["WaitingLines"]

T = TypeVar("T")

_MOST: Final = 32
_SECONDS: Final = 0.1


class WaitingLines(Generic[T]):
    """Lines of one logger, in order; written after a tenth of a second at the latest, or when there are 32.

    Used in the event loop's thread. ``text`` is a template of the ``fields`` that are made of what was noted.
    """

    def __init__(
        self, logger: logging.Logger, text: str, fields: Callable[[T], Mapping[str, object]]
    ) -> None:
        self._logger = logger
        self._text = text
        self._fields = fields
        self._waiting: list[tuple[float, T]] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, noted: T) -> None:
        """A line of level INFO, which has to be enabled."""
        self._waiting.append((time.time(), noted))
        if len(self._waiting) >= _MOST:
            self.write()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self.write)

    def write(self) -> None:
        """Write what waits: at the end, too, or it is lost."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        with in_one_write():
            for created, noted in waiting:
                line = Line(self._logger, logging.INFO, self._text, self._fields(noted), created)
                self._logger.handle(line)
