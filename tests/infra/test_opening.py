"""A service whose servers are away: live, not ready, and itself as soon as they answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from infra.errors import Away, CommandError
from infra.opening import Opening


async def _get(app: ASGIApp, path: str) -> tuple[int, str]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get(path)
    return answer.status_code, answer.text


class _Dependency:
    """Away until ``there`` is set; notes what becomes of what was opened."""

    def __init__(self) -> None:
        self.there = asyncio.Event()
        self.tried = asyncio.Event()
        self.closed = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ASGIApp]:
        if not self.there.is_set():
            self.tried.set()
            raise Away("db.internal:5432 is away", "the database is away")
        yield PlainTextResponse("hello")
        self.closed = True


async def test_it_is_live_at_once_and_ready_once_what_it_needs_answers() -> None:
    dependency, opened = _Dependency(), asyncio.Event()

    async def serve(app: ASGIApp) -> None:
        await dependency.tried.wait()
        await asyncio.sleep(0)
        assert await _get(app, "/health/live") == (200, '{"status":"ok","service":"shop"}')
        away = '{"status":"unavailable","service":"shop","reason":"the database is away"}'
        assert [await _get(app, path) for path in ("/health/ready", "/graphql")] == [(503, away)] * 2
        dependency.there.set()
        await opened.wait()
        assert await _get(app, "/health/ready") == (200, "hello")
        assert not dependency.closed

    await Opening("shop", dependency.open, first_pause=0.001).run(serve, opened.set)
    assert dependency.closed


async def test_told_to_stop_while_it_waits_it_stops() -> None:
    dependency = _Dependency()

    async def serve(app: ASGIApp) -> None:
        await dependency.tried.wait()

    await Opening("shop", dependency.open).run(serve, lambda: None)


async def test_a_wrong_setting_ends_it() -> None:
    @asynccontextmanager
    async def wrong() -> AsyncIterator[ASGIApp]:
        raise CommandError("LETS_CONNECT_REDIS_URL is wrong")
        yield

    async def serve(app: ASGIApp) -> None:
        await asyncio.Event().wait()

    with pytest.raises(CommandError, match="LETS_CONNECT_REDIS_URL is wrong"):
        await Opening("shop", wrong).run(serve, lambda: None)
