"""Password hashing with Argon2id (RFC 9106), off the event loop and bounded.

The parameters are OWASP's second choice (19 MiB, 2 passes, 1 lane). Threads hash one password each, one
fewer than there are cores, at a lower priority than the event loop, so that logins never starve reads.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from subgraphs.kit.errors import RateLimited

__all__ = ["Passwords"]

T = TypeVar("T")
_LONGEST_QUEUE = 64


class Passwords:
    """Hashes and verifies; at most ``_LONGEST_QUEUE`` wait, the next is told to come again."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        workers = max(1, (os.cpu_count() or 2) - 1)
        self._pool = ThreadPoolExecutor(workers, "password", initializer=_lower_priority)
        self._waiting = 0
        self._nobody = self._hasher.hash("nobody's password")

    async def hash(self, password: str) -> str:
        """The hash to store; raises RateLimited where too many wait."""
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether it is the password. For an unknown account (None) it takes as long, and is False."""
        return await self._run(lambda: self._verify(password, stored or self._nobody)) and stored is not None

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= _LONGEST_QUEUE:
            raise RateLimited(2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def _lower_priority() -> None:
    """On Linux niceness is a thread's own."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
