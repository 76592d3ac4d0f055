"""A few threads, each with a worker process of its own, behind a bounded queue."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from media_core.errors import ImageRejected, PoolBusy, PoolUnavailable, RejectCode
from media_core.pool.child import Child, ChildLost
from media_core.pool.wire import Message

__all__ = ["Job", "Pool", "PoolSettings"]

_TIME_SIGNALS = frozenset({signal.SIGXCPU, signal.SIGALRM})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How large the pool may grow, and how long it keeps what it does not need."""

    workers: int = field(default_factory=_cores)
    queue: int = 32
    memory_bytes: int = 800 * 1024 * 1024
    """Address space of one worker."""
    idle_seconds: float = 20.0
    jobs_per_worker: int = 200


@dataclass(slots=True, eq=False)
class Job:
    """One message for a worker and the future of its answer."""

    head: dict[str, Any]
    blobs: list[bytes]
    seconds: float
    told: Callable[[str], None] | None = None
    """Hears of each stage, from a thread of the pool; must be quick."""
    future: Future[tuple[Message, float]] = field(default_factory=Future)
    since: float = field(default_factory=time.monotonic)


class Pool:
    """Threads start with the first jobs and retire when idle, and their processes with them."""

    def __init__(self, settings: PoolSettings | None = None) -> None:
        self.settings = settings or PoolSettings()
        self._changed = threading.Condition()
        self._jobs: deque[Job] = deque()
        self._idle = 0
        self._threads: set[threading.Thread] = set()
        self._children: set[Child] = set()
        self._closed = False
        self._usual = 0.5
        """Seconds a job takes, as of late."""

    def submit(self, job: Job, *, wait: bool) -> Future[tuple[Message, float]]:
        """Queues the job. A full queue is waited for, or is :class:`PoolBusy`."""
        with self._changed:
            while not self._closed and len(self._jobs) >= self.settings.queue:
                if not wait:
                    raise PoolBusy(self._retry_after())
                self._changed.wait()
            if self._closed:
                raise PoolUnavailable("the image pool is closed")
            self._jobs.append(job)
            if len(self._jobs) > self._idle and len(self._threads) < self.settings.workers:
                thread = threading.Thread(target=self._serve, name="media-worker", daemon=True)
                self._threads.add(thread)
                thread.start()
            self._changed.notify_all()
        return job.future

    def _retry_after(self) -> int:
        """Seconds until the queue should be half empty."""
        half = self.settings.queue / 2 * self._usual / max(1, self.settings.workers)
        return max(1, min(60, math.ceil(half)))

    @property
    def workers(self) -> int:
        """How many worker processes there are now."""
        return len(self.pids)

    @property
    def pids(self) -> list[int]:
        """Their process ids."""
        with self._changed:
            return [child.pid for child in self._children]

    def jobs(self) -> tuple[int, int]:
        """How many wait, and how many are in work."""
        with self._changed:
            return len(self._jobs), len(self._threads) - self._idle

    def close(self) -> None:
        """Refuses what is queued, kills the workers, and waits until they are gone."""
        with self._changed:
            self._closed = True
            waiting, self._jobs = list(self._jobs), deque()
            children, threads = list(self._children), list(self._threads)
            self._changed.notify_all()
        for job in waiting:
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(PoolUnavailable("the image pool is closed"))
        for child in children:
            child.stop()
        with self._changed:
            self._changed.wait_for(lambda: not self._children)
        for thread in threads:
            thread.join()

    def disown(self) -> None:
        """In a forked child: the workers and threads are the parent's."""
        for child in self._children:
            child.disown()

    def _serve(self) -> None:
        """One thread's life."""
        child: Child | None = None
        done = 0
        while (job := self._next()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            if child is not None and (done >= self.settings.jobs_per_worker or not child.alive):
                self._drop(child)
                child, done = None, 0
            try:
                begin = time.monotonic()
                child, message = self._attempt(child, job)
                done += 1
                self._usual += (time.monotonic() - begin - self._usual) / 8
                _settle(job, message)
            except BaseException as error:
                self._drop(child)
                child, done = None, 0
                job.future.set_exception(error)
            del job
        self._drop(child)
        with self._changed:
            self._threads.discard(threading.current_thread())

    def _next(self) -> Job | None:
        """The next job; None when it is time to go."""
        with self._changed:
            self._idle += 1
            try:
                self._changed.wait_for(lambda: self._jobs or self._closed, self.settings.idle_seconds)
                if not self._jobs:
                    self._threads.discard(threading.current_thread())
                    return None
                job = self._jobs.popleft()
                self._changed.notify_all()
                return job
            finally:
                self._idle -= 1

    def _attempt(self, child: Child | None, job: Job) -> tuple[Child, Message]:
        """Runs the job; once more on a fresh worker when this one was killed by someone else."""
        for last in (False, True):
            child = child or self._start()
            try:
                return child, child.run(job.head, job.blobs, job.seconds, job.told)
            except ChildLost as lost:
                self._drop(child)
                child = None
                if self._closed:
                    raise PoolUnavailable("the image pool is closed") from None
                code = _verdict(lost)
                if last or code is not RejectCode.OUT_OF_MEMORY:
                    raise ImageRejected(code, str(lost)) from None
        raise AssertionError("unreachable")

    def _start(self) -> Child:
        child = Child(self.settings.memory_bytes)
        with self._changed:
            self._children.add(child)
            closed = self._closed
        if closed:
            self._drop(child)
            raise PoolUnavailable("the image pool is closed")
        return child

    def _drop(self, child: Child | None) -> None:
        """Ends a worker, once or again."""
        if child is None:
            return
        child.kill()
        with self._changed:
            self._children.discard(child)
            self._changed.notify_all()


def _settle(job: Job, message: Message) -> None:
    """A refusal is the worker's sound answer, not its end."""
    head, _ = message
    if "rejected" in head:
        job.future.set_exception(ImageRejected(RejectCode(head["rejected"]), head["detail"]))
    elif "unreadable" in head:
        job.future.set_exception(OSError(*head["unreadable"], job.head.get("path")))
    else:
        job.future.set_result((message, time.monotonic() - job.since))


def _verdict(lost: ChildLost) -> RejectCode:
    """What the end of a worker says about its picture."""
    if lost.overdue or lost.signal in _TIME_SIGNALS:
        return RejectCode.TIMEOUT
    if lost.signal in {signal.SIGKILL, signal.SIGTERM}:
        return RejectCode.OUT_OF_MEMORY
    return RejectCode.DECODER_CRASHED
