"""Processes that share the listening socket; one that dies is started again, and none outlives us."""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.context import ForkProcess

__all__ = ["run_workers"]

_AGAIN_SECONDS = 1.0
"""Before a worker that died is replaced: what cannot start is not tried in a circle."""


def run_workers(count: int, work: Callable[[int, int], None], grace_seconds: float) -> None:
    """Fork ``count`` processes that call ``work(number, pipe)``, until SIGTERM or Ctrl-C; then they have so long.

    The pipe can be read (its end) as soon as this process is gone, however it went.
    """
    gc.freeze()  # what is loaded is shared with all of them as long as the collector leaves it alone
    _Workers(count, work).run(grace_seconds)


class _Workers:
    def __init__(self, count: int, work: Callable[[int, int], None]) -> None:
        self._work = work
        self._context = multiprocessing.get_context("fork")
        self._watched, self._held = os.pipe()
        self._ending = False
        for sent in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sent, self._end)
        self._workers = [self._start(number) for number in range(count)]

    def run(self, grace_seconds: float) -> None:
        while not self._ending:
            multiprocessing.connection.wait([worker.sentinel for worker in self._workers], timeout=0.5)
            self._replace_dead()
        for worker in self._workers:
            worker.terminate()
        deadline = time.monotonic() + grace_seconds
        for worker in self._workers:
            worker.join(max(0.0, deadline - time.monotonic()))
            if worker.is_alive():
                worker.kill()
                worker.join()

    def _replace_dead(self) -> None:
        dead = [number for number, worker in enumerate(self._workers) if not worker.is_alive()]
        if dead and not self._ending:
            time.sleep(_AGAIN_SECONDS)
        for number in dead:
            if not self._ending:
                self._workers[number] = self._start(number)

    def _start(self, number: int) -> ForkProcess:
        worker = self._context.Process(target=self._run, args=(number,))
        worker.start()
        return worker

    def _run(self, number: int) -> None:
        for sent in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sent, signal.SIG_DFL)
        os.close(self._held)
        self._work(number, self._watched)

    def _end(self, *_: object) -> None:
        self._ending = True
