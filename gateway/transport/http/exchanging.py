"""What clients have in common whose every request is an exchange, whichever version of HTTP carries it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

from gateway.transport.http.client import (
    Client,
    Headers,
    HttpAnswer,
    HttpStream,
    Limits,
    as_text,
    stated_length,
)
from gateway.transport.http.coding import decoded
from gateway.transport.http.exchange import Exchange
from gateway.transport.http.failures import Interrupted, TimedOut, TooLarge

__all__ = ["ExchangingClient", "Took"]

Took: TypeAlias = Callable[[], None]
"""Says that the reader has taken what had come, and that more may come."""


class ExchangingClient(Client, ABC):
    """Whole answers, uploads and streams over exchanges that ``_streaming`` opens."""

    def __init__(self, limits: Limits | None) -> None:
        self.limits = limits or Limits()

    async def upload(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes], length: int | None
    ) -> HttpAnswer:
        """Send a body as it is produced, and read the whole answer; raises HttpFailure. Never sent twice."""
        try:
            async with (
                asyncio.timeout(self.limits.upload_seconds),
                self._streaming(method, path, headers, body, length) as (exchange, took),
            ):
                return await self._read(exchange, took)
        except TimeoutError as error:
            raise TimedOut("not in time") from error

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes] | None = None
    ) -> AsyncIterator[HttpStream]:
        """Proxy a request: both bodies flow as the other side takes them; leaving early ends it there too.

        A ``content-length`` among ``headers`` is the body's. Headers that are between two neighbours only are left out.
        """
        given = list(headers.items() if isinstance(headers, Mapping) else headers)
        stated = stated_length(given)
        length = stated if body is not None else None
        async with self._streaming(method, path, given, body, length) as (exchange, took):
            yield HttpStream(exchange.status, as_text(exchange.headers), self._chunks(exchange, took))

    @abstractmethod
    def _streaming(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes] | None, length: int | None
    ) -> AbstractAsyncContextManager[tuple[Exchange, Took]]:
        """Send a request, its body as it is produced, until its answer's head is there; raises HttpFailure."""

    async def _in_time(
        self, send: Callable[[bool], Awaitable[HttpAnswer]], *, sure: bool, retry: bool
    ) -> HttpAnswer:
        """What ``send`` answers, told whether to be sure of its connection; with ``retry`` it is asked once more, then
        to be sure, where no byte of an answer had come."""
        try:
            async with asyncio.timeout(self.limits.total_seconds):
                try:
                    return await send(sure)
                except Interrupted as error:
                    if not (retry and error.untouched):
                        raise
                return await send(True)
        except TimeoutError as error:
            raise TimedOut("not in time") from error

    async def _read(self, exchange: Exchange, took: Took) -> HttpAnswer:
        parts: list[bytes] = []
        size = 0
        while True:
            parts.extend(exchange.chunks)
            size += exchange.take_all()
            if size > self.limits.answer_bytes:
                raise TooLarge("its answer is too large")
            if exchange.done:
                break
            took()
            await exchange.wait()
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        coding = exchange.header(b"content-encoding")
        if coding is not None and body:
            body = decoded(body, coding, self.limits.answer_bytes)
        return HttpAnswer(exchange.status, as_text(exchange.headers), body)

    async def _await_head(self, exchange: Exchange) -> None:
        try:
            async with asyncio.timeout(self.limits.upload_seconds):
                while not exchange.has_head:
                    await exchange.wait()
        except TimeoutError as error:
            raise TimedOut("not in time") from error

    async def _chunks(self, exchange: Exchange, took: Took) -> AsyncIterator[bytes]:
        while True:
            while exchange.chunks:
                chunk = exchange.chunks.popleft()
                exchange.buffered -= len(chunk)
                if not exchange.chunks:
                    took()
                yield chunk
            if exchange.done:
                return
            try:
                async with asyncio.timeout(self.limits.total_seconds):
                    await exchange.wait()
            except TimeoutError as error:
                raise TimedOut("not in time") from error
