"""Limits hold whether Redis answers or not."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from subgraphs.kit.errors import RateLimited
from subgraphs.kit.redis import rate_limits
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.redis.rate_limits import Limiter

_HOUR = 3600


@pytest.fixture
async def link(redis_url: str) -> AsyncIterator[RedisLink]:
    link = RedisLink(redis_url, timeout=60)
    yield link
    await link.close()


def _away(link: RedisLink, seconds: float) -> None:
    """As its breaker is after a failure; with no seconds Redis is asked again."""
    link._closed_until = time.monotonic() + seconds


async def _let_in(limiter: Limiter, name: str, times: int) -> int:
    """How many of so many hits are under a limit of three."""
    done = 0
    for _ in range(times):
        try:
            await limiter.hit(name, 3, _HOUR)
            done += 1
        except RateLimited:
            continue
    return done


async def test_while_redis_is_away_the_count_goes_on_from_what_it_was(link: RedisLink) -> None:
    limiter, name = Limiter("test", link), uuid4().hex
    assert await _let_in(limiter, name, 2) == 2
    _away(link, 600)
    assert await _let_in(limiter, name, 2) == 1


async def test_redis_is_told_what_came_while_it_was_away(link: RedisLink) -> None:
    limiter, other, name = Limiter("test", link), Limiter("test", link), uuid4().hex
    _away(link, 600)
    assert await _let_in(limiter, name, 2) == 2
    _away(link, 0)
    assert await _let_in(limiter, name, 1) == 1
    assert await _let_in(other, name, 1) == 0


async def test_an_answer_that_does_not_come_lets_nobody_in_anew_nor_counts_twice(link: RedisLink) -> None:
    name, late = uuid4().hex, RedisLink("unix:///nowhere/redis.sock")
    limiter, redis = Limiter("test", late), Limiter("test", link)
    assert await _let_in(limiter, name, 1) == 1  # its answer never comes: it may have been counted
    limiter._link, limiter._script = link, redis._script
    assert await _let_in(limiter, name, 4) == 3
    await late.close()


async def test_a_cleared_name_begins_anew(link: RedisLink) -> None:
    limiter, name = Limiter("test", link), uuid4().hex
    assert await _let_in(limiter, name, 4) == 3
    await limiter.clear(name)
    assert await _let_in(limiter, name, 1) == 1


async def test_what_is_remembered_is_bounded(link: RedisLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_MOST", 2)
    limiter, names = Limiter("test", link), [uuid4().hex for _ in range(5)]
    for name in names:
        assert await _let_in(limiter, name, 1) == 1
    assert [key.rpartition(":")[2] for key in limiter._known] == names[3:]
