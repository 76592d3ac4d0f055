"""The one door to Redis: a client that knows which server life it talks to, and a breaker.

A server that was restarted, or replaced by its replica, may have lost its last writes. Its ``run_id``
tells: what was stored under another run is never believed (the cache's epoch).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from opentelemetry.trace import SpanKind
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from subgraphs.kit.errors import Unavailable
from subgraphs.kit.redis.connection import KeptConnection
from subgraphs.kit.telemetry.buckets import MANY
from subgraphs.kit.telemetry.light import Sizes
from subgraphs.kit.telemetry.tracing import note

__all__ = ["RedisLink"]

T = TypeVar("T")
Observe: TypeAlias = Callable[[str], Sizes]
"""From a command's name to what is told the seconds of each."""

_FAILURES = (RedisConnectionError, RedisTimeoutError, OSError, TimeoutError)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0
_DRIVER = DriverInfo()
"""Made once: each connection else looks among the installed packages for its version, for a millisecond of the event loop."""


def _not_observed(command: str) -> Sizes:
    """Nobody looks."""
    return Sizes(())


class _Observed(Redis):
    """Each command is a span and an observation, by its name alone: keys may be private."""

    observe: Observe = staticmethod(_not_observed)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        command = super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        return await _observed(str(args[0]), command, self.observe)


async def _observed(name: str, command: Awaitable[T], observe: Observe) -> T:
    began, error = time.perf_counter(), None
    try:
        return await command
    except NoScriptError:  # an answer: the client loads the script, and asks again
        raise
    except Exception as raised:
        error = type(raised).__qualname__
        raise
    finally:
        ended = time.perf_counter()
        observe(name).observe(ended - began)
        note(name, began, _attributes(name, error), SpanKind.CLIENT, ended, error)


def _attributes(command: str, error: str | None) -> dict[str, str]:
    known = _known.get(command)
    if known is None:  # commands are ours: a bounded set
        known = _known[command] = {
            "db.system.name": "redis",
            "db.operation.name": command,
            "db.query.summary": command,
        }
    return known if error is None else {**known, "error.type": error}


_known: dict[str, dict[str, str]] = {}
_MGET = _attributes("MGET", None)


class RedisLink:
    """A pooled connection to Redis or Valkey.

    ``call`` runs a command behind the breaker: while the server is away, callers learn it at once
    (Unavailable) and one of them tries again after a pause that grows to five seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 1.0,
        connections: int = 64,
        observe: Observe = _not_observed,
    ) -> None:
        client: Any = _Observed.from_url(
            url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            max_connections=connections,
            retry=Retry(NoBackoff(), 0),
            redis_connect_func=self._connected,
            driver_info=_DRIVER,
        )
        client.observe = observe
        self.client: Redis = client
        self._pool = client.connection_pool
        self._mgets = 0
        self._mget_seconds = observe("MGET")
        self._kept = KeptConnection(self._pool, timeout)
        self.blocking: Redis = Redis.from_url(
            url,
            socket_timeout=None,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
            driver_info=_DRIVER,
        )
        """For commands that wait: stream reads and pub/sub."""
        self.epoch = ""
        self.evicted = b""
        """Keys that the server had let go of, to make room, when it was last heard of."""
        self._pause = _FIRST_PAUSE
        self._closed_until = 0.0

    def used(self) -> int:
        """Connections in use."""
        return len(self._pool._in_use_connections)

    def idle(self) -> int:
        """Connections that wait for a command."""
        return len(self._pool._available_connections)

    @property
    def available(self) -> bool:
        """Whether a call would be tried at all."""
        return time.monotonic() >= self._closed_until

    async def call(self, command: Awaitable[T]) -> T:
        """The command's answer; raises Unavailable where the server is away."""
        if not self.available:
            if hasattr(command, "close"):
                command.close()
            raise Unavailable("cache")
        try:
            answer = await command
        except _FAILURES as error:
            raise self._away() from error
        self._pause = _FIRST_PAUSE
        return answer

    async def mget(self, keys: Sequence[str]) -> list[Any]:
        """Values by keys, on one connection for all who ask at the same time. Raises Unavailable."""
        if not self.available:
            raise Unavailable("cache")
        began, error = time.perf_counter(), None
        try:
            try:
                values: list[Any] = await self._kept.mget(keys)
            except RedisConnectionError:  # cut while nobody asked: there is another
                values = await self._kept.mget(keys)
            self._pause = _FIRST_PAUSE
            return values
        except _FAILURES as raised:
            error = type(raised).__qualname__
            raise self._away() from raised
        finally:
            ended = time.perf_counter()
            self._mget_seconds.latest.append(ended - began)
            self._mgets += 1
            if not self._mgets % MANY:
                self._mget_seconds.settle()
            told = _MGET if error is None else _attributes("MGET", error)
            note("MGET", began, told, SpanKind.CLIENT, ended, error)

    def _away(self) -> Unavailable:
        """The server did not answer: nobody asks it for a while."""
        self._closed_until = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        return Unavailable("cache")

    async def check(self) -> None:
        """Raise Unavailable where the server does not answer."""
        self._closed_until = 0.0
        try:
            await self.call(self.client.ping())
        except RedisError as error:
            raise Unavailable("cache") from error

    async def close(self) -> None:
        """Close every connection."""
        await self._kept.close()
        await self.client.aclose()
        await self.blocking.aclose()

    async def _connected(self, connection: Any) -> None:
        """On each new connection: sign in, and learn which life of which server this is."""
        await connection.on_connect()
        await connection.send_command("INFO")
        answer = await connection.read_response()
        text = answer.decode() if isinstance(answer, bytes) else str(answer)
        told = dict(line.strip().split(":", 1) for line in text.splitlines() if ":" in line)
        self.epoch = told.get("run_id", "")[:16]
        self.evicted = told.get("evicted_keys", "").encode()
