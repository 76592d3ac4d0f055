"""How often something may be tried: counters in Redis, in memory while Redis is away."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from subgraphs.kit.errors import RateLimited, Unavailable
from subgraphs.kit.redis.link import RedisLink

__all__ = ["Limiter"]

# A fixed window that starts with the first hit. Answers hits so far and the seconds left.
_HIT = """
local n = redis.call('INCRBY', KEYS[1], ARGV[2])
if n == tonumber(ARGV[2]) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""
_MOST = 10_000
"""Names of which is known how often; what was asked for the longest time ago is forgotten."""


@dataclass(slots=True)
class _Known:
    """What Redis said last, and what came since. ``unsent``: hits that it knows nothing of."""

    hits: int
    until: float
    unsent: int = 0


class Limiter:
    """Counts under names; names are made of ids and hashes, never of passwords.

    While Redis is away the count goes on from what it said last, and Redis is told of it afterwards: an answer that
    comes late is nobody's new beginning.
    """

    def __init__(self, service: str, link: RedisLink) -> None:
        self._service = service
        self._link = link
        self._script = link.client.register_script(_HIT)
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def hit(self, name: str, limit: int, window: int, *, count: int = 1) -> None:
        """Count; raises RateLimited above ``limit`` hits in ``window`` seconds."""
        hits, left = await self._count(f"limit:{self._service}:{name}", window, count)
        if hits > limit:
            raise RateLimited(max(left, 1))

    async def check(self, name: str, limit: int, window: int) -> None:
        """As ``hit``, without counting."""
        await self.hit(name, limit - 1, window, count=0)

    async def clear(self, name: str) -> None:
        """Start again from nothing."""
        key = f"limit:{self._service}:{name}"
        self._known.pop(key, None)
        try:
            await self._link.call(self._link.client.delete(key))
        except Unavailable:
            return

    async def _count(self, key: str, window: int, count: int) -> tuple[int, int]:
        known = self._of(key, window)
        known.hits += count
        known.unsent += count
        if not self._link.available:
            return known.hits, int(known.until - time.monotonic())
        # What is sent counts as known to Redis whether its answer comes or not: most often it was only late.
        sent, known.unsent = known.unsent, 0
        try:
            hits, left = map(int, await self._link.call(self._script(keys=[key], args=[window, sent])))
        except Unavailable:
            return known.hits, int(known.until - time.monotonic())
        known.hits, known.until = hits + known.unsent, time.monotonic() + left
        return hits, left

    def _of(self, key: str, window: int) -> _Known:
        """What is known of a name in its window now."""
        known, now = self._known.get(key), time.monotonic()
        if known is None or known.until <= now:
            known = self._known[key] = _Known(0, now + window)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return known
