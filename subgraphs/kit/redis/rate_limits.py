"""How often something may be tried: counters in Redis, in memory while Redis is away."""

from __future__ import annotations

import time

from subgraphs.kit.errors import RateLimited, Unavailable
from subgraphs.kit.redis.link import RedisLink

__all__ = ["Limiter"]

# A fixed window that starts with the first hit. Answers hits so far and the seconds left.
_HIT = """
local n = redis.call('INCRBY', KEYS[1], ARGV[2])
if n == tonumber(ARGV[2]) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""


class Limiter:
    """Counts under names; names are made of ids and hashes, never of passwords."""

    def __init__(self, service: str, link: RedisLink) -> None:
        self._service = service
        self._link = link
        self._script = link.client.register_script(_HIT)
        self._local: dict[str, tuple[int, float]] = {}

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
        self._local.pop(key, None)
        try:
            await self._link.call(self._link.client.delete(key))
        except Unavailable:
            return

    async def _count(self, key: str, window: int, count: int) -> tuple[int, int]:
        try:
            hits, left = await self._link.call(self._script(keys=[key], args=[window, count]))
            return int(hits), int(left)
        except Unavailable:
            return self._count_locally(key, window, count)

    def _count_locally(self, key: str, window: int, count: int) -> tuple[int, int]:
        now = time.monotonic()
        if len(self._local) > 10_000:
            self._local = {k: v for k, v in self._local.items() if v[1] > now}
        hits, until = self._local.get(key, (0, now + window))
        if until <= now:
            hits, until = 0, now + window
        self._local[key] = (hits + count, until)
        return hits + count, int(until - now)
