"""Requests without a task: written to an idle connection at once, answered by a call from its reader.

A gateway's fetches are many and small. A coroutine, a future and a timer each cost more than the parsing of the
answer; where a connection is idle none of them is needed. Everything else takes the client's usual way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from gateway.transport.http.client import Limits, Posted
from gateway.transport.http.coding import decoded
from gateway.transport.http.exchange import Exchange
from gateway.transport.http.failures import HttpFailure, Interrupted, TimedOut, TooLarge
from gateway.transport.http.http1.connection import Connection
from gateway.transport.http.http1.pool import Pool
from gateway.transport.http.posted import PostTasks, StatusAndBody

__all__ = ["Poster"]

Again: TypeAlias = Callable[[bytes, bool], Coroutine[Any, Any, StatusAndBody]]
"""The usual way: a message, and whether it needs a new connection. Raises HttpFailure."""

_TICK = 0.5
"""Seconds between looks at what is late."""


class _Posting(Exchange):
    """An exchange that tells its end instead of being waited for."""

    size = 0
    """Bytes of the body that have come."""

    def __init__(self, poster: Poster, connection: Connection, message: bytes, done: Posted) -> None:
        super().__init__()
        self.connection = connection
        self.message = message
        self.deadline = time.monotonic() + poster.limits.total_seconds
        self.tell: Posted | None = done
        self._poster = poster

    def wake(self) -> None:
        """Called by the connection whenever something has come."""
        self.size += self.buffered
        self.buffered = 0  # nobody reads on as it comes: the whole answer is held, up to its bound
        if self.done or self.error is not None or self.size > self._poster.limits.answer_bytes:
            self._poster.ended(self)
        else:
            self.connection.resume()

    def cancel(self) -> None:
        """Nobody waits for the answer any more."""
        self._poster.cancel(self)


class Poster:
    """Posts over one client's pool."""

    def __init__(self, pool: Pool, limits: Limits, again: Again) -> None:
        self.limits = limits
        self._pool = pool
        self._again = again
        self._under_way: set[_Posting] = set()
        self._tasks = PostTasks()
        self._ticking = False

    def post(self, message: bytes, done: Posted, *, retry: bool) -> Callable[[], None]:
        """Send a whole request; ``done`` is called later, unless what is returned is called first.

        ``retry``: once more on a new connection, where an idle one ended before any byte of an answer.
        """
        connection = self._pool.take_idle() if retry else None
        if connection is None:
            return self._tasks.start(self._again(message, not retry), done)
        posting = _Posting(self, connection, message, done)
        self._under_way.add(posting)
        if not self._ticking:
            self._ticking = True
            loop = asyncio.get_running_loop()
            loop.call_later(_TICK, self._tick, loop)
        connection.begin(posting, message)
        return posting.cancel

    def ended(self, posting: _Posting) -> None:
        """The answer is whole, too large, or will not come."""
        tell, posting.tell = posting.tell, None
        self._under_way.discard(posting)
        if tell is None:
            return
        error = posting.error
        if error is None and posting.size > self.limits.answer_bytes:
            error = TooLarge("its answer is too large")
        self._pool.release(posting.connection)
        if isinstance(error, Interrupted) and error.untouched:
            self._tasks.start(self._again(posting.message, True), tell)
            return
        if error is not None:
            tell(0, error)
            return
        self._answer(posting, tell)

    def cancel(self, posting: _Posting) -> None:
        """End one without telling."""
        if posting.tell is not None:
            posting.tell = None
            self._under_way.discard(posting)
            posting.connection.abort()
            self._pool.release(posting.connection)

    def close(self) -> None:
        """End what is under way without telling."""
        for posting in list(self._under_way):
            self.cancel(posting)
        self._tasks.close()

    def _answer(self, posting: _Posting, tell: Posted) -> None:
        chunks = posting.chunks
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        coding = posting.header(b"content-encoding")
        if coding is not None and body:
            try:
                body = decoded(body, coding, self.limits.answer_bytes)
            except HttpFailure as error:
                tell(0, error)
                return
        tell(posting.status, body)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        for posting in [one for one in self._under_way if one.deadline < now]:
            posting.connection.abort()
            posting.fail(TimedOut("not in time"))
        self._ticking = bool(self._under_way)
        if self._ticking:
            loop.call_later(_TICK, self._tick, loop)
