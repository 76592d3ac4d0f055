"""How many requests one client address may send: a bucket that fills steadily."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from gateway.config import GatewaySettings
from gateway.edge.errors import RequestRefused
from gateway.edge.http.addresses import is_loopback, network_of

__all__ = ["Rates"]

_REMEMBERED = 50_000


class Rates:
    """One bucket an address; the least recently seen are forgotten first."""

    def __init__(self, settings: GatewaySettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = settings.guards.requests_per_second
        self._burst = float(settings.guards.burst)
        self._limits = settings.limits
        self._limit_loopback = settings.limit_loopback
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, count: int = 1) -> None:
        """Raise RequestRefused (429, with Retry-After) where the bucket has less than ``count``."""
        if not self._limits or (not self._limit_loopback and is_loopback(address)):
            return
        now, address = self._clock(), network_of(address)
        level, seen = self._buckets.pop(address, (self._burst, now))
        level = min(self._burst, level + (now - seen) * self._rate)
        allowed = level >= count
        self._buckets[address] = (level - count if allowed else level, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = max(1, math.ceil((count - level) / self._rate))
            message = f"Too many requests. Try again in {wait} seconds."
            raise RequestRefused(429, "RATE_LIMITED", message, {"retry-after": str(wait)})
