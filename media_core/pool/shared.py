"""The pool of this process: made at first use, made anew in a forked child, closed at exit."""

from __future__ import annotations

import atexit
import os
import threading

from media_core.pool.pool import Pool, PoolSettings

__all__ = ["close", "configure", "pool_jobs", "shared_pool"]


class _Shared:
    """What a process has at most one of."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.settings = PoolSettings()
        self.pool: Pool | None = None
        self.inherited: list[Pool] = []
        """Pools of processes we were forked from: kept, so that nothing tries to reap their workers."""

    def forked(self) -> None:
        """Runs in the child alone, where only the thread that forked lives on."""
        self.lock = threading.Lock()
        if self.pool is not None:
            self.pool.disown()
            self.inherited.append(self.pool)
            self.pool = None


_SHARED = _Shared()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_SHARED.forked)


def shared_pool() -> Pool:
    """The pool everything here uses."""
    with _SHARED.lock:
        if _SHARED.pool is None:
            _SHARED.pool = Pool(_SHARED.settings)
        return _SHARED.pool


def pool_jobs() -> tuple[int, int]:
    """Jobs that wait, and jobs in work; asking starts nothing."""
    pool = _SHARED.pool
    return (0, 0) if pool is None else pool.jobs()


def configure(settings: PoolSettings) -> None:
    """Sizes the pool; one that runs already is closed first."""
    close()
    with _SHARED.lock:
        _SHARED.settings = settings


def close() -> None:
    """Ends all workers. The next job starts a new pool."""
    with _SHARED.lock:
        pool, _SHARED.pool = _SHARED.pool, None
    if pool is not None:
        pool.close()


atexit.register(close)
