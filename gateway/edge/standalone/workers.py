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

from gateway.edge.standalone.worker_metrics import WorkerEnds, WorkerMetrics

__all__ = ["run_workers"]

_SWITCHES = (signal.SIGUSR1, signal.SIGUSR2)
"""Of what is logged."""
_AGAIN_SECONDS = 1.0
"""Before a worker that died is replaced: what cannot start is not tried in a circle."""


def run_workers(
    count: int, work: Callable[[int, int, WorkerEnds], None], metrics: WorkerMetrics, grace_seconds: float
) -> None:
    """Fork ``count`` processes that call ``work(number, pipe, metrics)``, until SIGTERM or Ctrl-C; then they have so long.

    The pipe can be read (its end) as soon as this process is gone, however it went. SIGUSR1 and SIGUSR2 are passed on to all.
    """
    gc.freeze()  # what is loaded is shared with all of them as long as the collector leaves it alone
    _Workers(count, work, metrics).run(grace_seconds)


class _Workers:
    def __init__(
        self, count: int, work: Callable[[int, int, WorkerEnds], None], metrics: WorkerMetrics
    ) -> None:
        self._work = work
        self._metrics = metrics
        self._own_switches = {switch: signal.getsignal(switch) for switch in _SWITCHES}
        self._context = multiprocessing.get_context("fork")
        self._watched, self._held = os.pipe()
        self._ending = False
        for sent in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sent, self._end)
        self._workers = [self._start(number) for number in range(count)]
        for switch in _SWITCHES:
            signal.signal(switch, self._pass_on)

    def run(self, grace_seconds: float) -> None:
        while not self._ending:
            sentinels = [worker.sentinel for worker in self._workers]
            ready = multiprocessing.connection.wait([*sentinels, *self._metrics.waiting_on()], timeout=0.5)
            self._metrics.serve(ready)
            self._replace_dead()
        self._metrics.close()
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
            self._metrics.left(number)
            if not self._ending:
                self._workers[number] = self._start(number)

    def _start(self, number: int) -> ForkProcess:
        ends = self._metrics.ends(number)
        worker = self._context.Process(target=self._run, args=(number, ends))
        worker.start()
        for end in ends:
            end.close()
        return worker

    def _run(self, number: int, ends: WorkerEnds) -> None:
        for switch, own in self._own_switches.items():
            signal.signal(switch, own)
        self._metrics.close()
        for sent in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sent, signal.SIG_DFL)
        os.close(self._held)
        self._work(number, self._watched, ends)

    def _pass_on(self, sent: int, _: object) -> None:
        for worker in self._workers:
            if worker.pid is not None and worker.is_alive():
                os.kill(worker.pid, sent)

    def _end(self, *_: object) -> None:
        self._ending = True
