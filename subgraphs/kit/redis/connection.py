"""One connection for reads by key: who asks does not wait for who asked before, and is answered in turn.

With a connection of a pool, a command costs taking and giving it back, a timer and a task, which together is several
times what the command does; and a page has a dozen of them. Here it costs a future.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import hiredis
from redis._parsers.base import BaseParser
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import InvalidResponse
from redis.exceptions import TimeoutError as RedisTimeoutError

__all__ = ["KeptConnection"]

_NOT_YET = object()
_packed: Callable[[tuple[str, ...]], bytes] = cast("Any", hiredis.pack_command)


class KeptConnection:
    """Connected by redis-py, with all that its URL says, when it is needed; anew after it was cut."""

    def __init__(self, pool: Any, timeout: float) -> None:
        """``timeout``: seconds an answer may take. Then the connection is no good, nor what else it was asked."""
        self._pool = pool
        self._timeout = timeout
        self._line: _Line | None = None
        self._connecting: asyncio.Task[_Line] | None = None

    def mget(self, keys: Sequence[str]) -> Awaitable[list[Any]]:
        """The values in the order of the keys. Raises what redis-py raises."""
        command, line = _packed(("MGET", *keys)), self._line
        return self._ask_anew(command) if line is None or line.lost else line.ask(command)

    async def _ask_anew(self, command: bytes) -> list[Any]:
        line = await self._connect()
        answer: list[Any] = await line.ask(command)
        return answer

    async def close(self) -> None:
        """End it; who still waits gets ConnectionError."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._line is not None:
            self._line.end(RedisConnectionError("The connection was closed."))

    async def _connect(self) -> _Line:
        """All who come while it is tried share one attempt and what comes of it; it goes on for them where one goes away."""
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connected())
            self._connecting.add_done_callback(self._tried)
        return await asyncio.shield(self._connecting)

    async def _connected(self) -> _Line:
        connection = self._pool.make_connection()
        try:
            await connection.connect()
        except BaseException:
            with contextlib.suppress(Exception):
                await connection.disconnect(nowait=True)
            raise
        self._line = _Line(connection, self._timeout)
        return self._line

    def _tried(self, attempt: asyncio.Task[_Line]) -> None:
        self._connecting = None
        if not attempt.cancelled():
            attempt.exception()  # told to those who waited, if any still does


class _Line(asyncio.Protocol):
    """Takes over a connection that has been made."""

    def __init__(self, connection: Any, timeout: float) -> None:
        self.lost = False
        self._connection = connection
        self._transport: asyncio.Transport = connection._writer.transport
        self._transport.set_protocol(self)
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[asyncio.Future[Any], float]] = deque()
        """Who, and until when."""
        self._timer: asyncio.TimerHandle | None = None
        self._reader = hiredis.Reader(
            protocolError=InvalidResponse, replyError=BaseParser.parse_error, notEnoughData=_NOT_YET
        )

    def ask(self, command: bytes) -> asyncio.Future[Any]:
        """What the server answers to this."""
        answer = self._loop.create_future()
        self._waiting.append((answer, self._loop.time() + self._timeout))
        if self._timer is None:
            self._timer = self._loop.call_later(self._timeout, self._look)
        self._transport.write(command)
        return answer

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        try:
            while (answer := self._reader.gets()) is not _NOT_YET:
                if not isinstance(answer, hiredis.PushNotification):
                    self._answered(answer)
        except InvalidResponse as error:
            self.end(RedisConnectionError(str(error)))

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(RedisConnectionError("The connection was cut."))

    def end(self, error: Exception) -> None:
        """No good any more, for this reason."""
        self.lost = True
        if self._timer is not None:
            self._timer.cancel()
        self._connection._close()
        self._transport.abort()
        while self._waiting:
            self._answered(error)

    def _answered(self, answer: Any) -> None:
        """Whoever asked first may be gone."""
        asked, _ = self._waiting.popleft()
        if asked.done():
            return
        if isinstance(answer, Exception):
            asked.set_exception(answer)
        else:
            asked.set_result(answer)

    def _look(self) -> None:
        """One timer for all: whoever waits the longest is due first."""
        self._timer = None
        if self._waiting:
            due = self._waiting[0][1]
            if due <= self._loop.time():
                self.end(RedisTimeoutError("The server took too long."))
            else:
                self._timer = self._loop.call_at(due, self._look)
