"""The engine over a supergraph file, made anew when the file changes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from graphql import DocumentNode

from gateway.edge.engine import Engine, OperationKey
from gateway.edge.server.memory import give_back

__all__ = ["ServedFile"]

_log = logging.getLogger(__name__)
_GRACE = 1.0
"""Seconds in which what an engine has prepared is surely begun."""
_QUIET_SECONDS, _QUIET_WITHIN = 0.05, 30.0
"""Without an operation, before the collector comes; and how long that is waited for."""


class ServedFile:
    """``engine`` is the newest that could be made; the one before it ends when the last of its operations has."""

    def __init__(self, path: Path, make: Callable[[str], Engine], warm_seconds: float = 10.0) -> None:
        """Raises OSError, UnicodeDecodeError, and what ``make`` raises."""
        self._warm_seconds = warm_seconds
        self._path = path
        self._make = make
        self._stamp = self._look_at()
        self._text = path.read_text(encoding="utf-8")
        self._complaint = ""
        self._ending: dict[Engine, asyncio.Task[None]] = {}
        self._tidying: asyncio.Task[None] | None = None
        self.engine = make(self._text)

    async def watch(self, every: float = 1.0) -> None:
        """Look now and then, for ever. A mounted volume tells nobody that it changed."""
        while True:
            await self.refresh()
            await asyncio.sleep(every)

    async def refresh(self) -> bool:
        """Whether there is a new engine. A file that cannot be served changes nothing."""
        stamp = self._look_at()
        if stamp is not None and stamp == self._stamp:
            return False
        try:
            text = await asyncio.to_thread(self._path.read_text, encoding="utf-8")
            made = (
                None
                if text == self._text
                else await asyncio.to_thread(self._remake, text, self.engine.preparation.used())
            )
        except Exception as error:  # whatever is wrong with the new one, there is an old one
            self._complain(str(error))
            if not isinstance(error, OSError):
                self._stamp = stamp  # it stays wrong until it changes
            return False
        self._stamp, self._complaint = stamp, ""
        if made is None:
            return False
        self.engine.hand_over(made)
        before, self.engine, self._text = self.engine, made, text
        _log.info("%s has changed, and is served", self._path)
        self._ending[before] = asyncio.create_task(self._end(before))
        return True

    async def close(self) -> None:
        """Close every engine at once."""
        ending = dict(self._ending)
        tasks = [*ending.values(), *([self._tidying] if self._tidying else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for engine in (*ending, self.engine):
            await engine.close()

    def _remake(self, text: str, used: Mapping[OperationKey, DocumentNode | None]) -> Engine:
        """A new engine that knows the operations of the one before it."""
        made = self._make(text)
        count = made.preparation.warm(used, self._warm_seconds)
        _log.info("%s operations are prepared anew", count)
        return made

    async def _end(self, engine: Engine) -> None:
        await asyncio.sleep(_GRACE)
        await engine.retire()
        del self._ending[engine]
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy())

    async def _tidy(self) -> None:
        """Schemas are circles: left to itself the collector comes when several engines lie about.

        It looks at all that the new engine has prepared, and so holds everybody up: it comes when nobody is there,
        if such a moment is soon.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_QUIET_WITHIN):
                await self.engine.under_way.quiet(_QUIET_SECONDS)
        gc.collect()
        await asyncio.to_thread(give_back)

    def _complain(self, what: str) -> None:
        if what != self._complaint:
            self._complaint = what
            _log.error("%s is not taken, and the supergraph before it is served on: %s", self._path, what)

    def _look_at(self) -> tuple[int, ...] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
