"""The process that touches hostile bytes: `python -m media_core.worker FD PARENT MEMORY NICENESS`, one job at a time."""

from __future__ import annotations

import ctypes
import errno
import gc
import mmap
import os
import resource
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from media_core.errors import ImageRejected, RejectCode
from media_core.formats.header import Buffer
from media_core.pool.wire import receive_shared, send
from media_core.results import Variant
from media_core.spec import Crop, Spec

__all__ = ["main"]

_TOLD = ("blur_placeholder", "thumbhash", "blurhash", "dominant_color", "palette")
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


def main(arguments: list[str]) -> None:
    """Serves jobs until the other side closes."""
    channel = socket.socket(fileno=int(arguments[0]))
    _confine(*map(int, arguments[1:]))
    _import_engine()
    gc.freeze()
    send(channel, {"ready": os.getpid()}, [])
    while True:
        try:
            message = receive_shared(channel)
        except (EOFError, ConnectionError):
            return
        send(channel, *_answer(message, channel))
        del message


def _confine(parent: int, memory: int, niceness: int) -> None:
    """Dies with its parent, writes no file, dumps no core, gains no rights, is in no haste, stays within its memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setpriority(os.PRIO_PROCESS, 0, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))
    if sys.platform == "linux":
        with suppress(OSError):  # who wakes up to answer a request goes first
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, 64)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_AS, memory)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (limit, limit))


def _import_engine() -> None:
    """Before the first job, so that its time is its own."""
    from media_core.engine import pipeline, render  # noqa: F401


def _answer(
    message: tuple[dict[str, Any], list[Buffer]], channel: socket.socket
) -> tuple[dict[str, Any], list[bytes]]:
    head, blobs = message
    if head.pop("progress", False):
        head["told"] = lambda stage: send(channel, {"progress": stage}, [])
    spec = Spec.from_message(head["spec"])
    with _timed(spec):
        try:
            return _run(head, blobs, spec)
        except ImageRejected as refusal:
            return {"rejected": refusal.code.value, "detail": refusal.detail[:500]}, []
        except MemoryError:
            return {"rejected": RejectCode.OUT_OF_MEMORY.value, "detail": "MemoryError"}, []
        except _Unreadable as error:
            return {"unreadable": list(error.args)}, []
        except Exception as error:  # a decoder's surprise must not cost the worker
            detail = f"{type(error).__name__}: {error}"
            return {"rejected": RejectCode.DECODER_CRASHED.value, "detail": detail[:500]}, []


@contextmanager
def _timed(spec: Spec) -> Iterator[None]:
    """The kernel ends a job over its CPU or wall time, also in the middle of a decoder, also without a parent."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + spec.limits.cpu_seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed if hard < 0 else min(allowed, hard), hard))
    signal.setitimer(signal.ITIMER_REAL, spec.limits.wall_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run(head: dict[str, Any], blobs: list[Buffer], spec: Spec) -> tuple[dict[str, Any], list[bytes]]:
    path = head.get("path")
    if path is None:
        return _work(head, blobs[0], spec)
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise ImageRejected(RejectCode.EMPTY)
        if size > spec.limits.max_bytes:
            raise ImageRejected(RejectCode.TOO_MANY_BYTES)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return _work(head, mapped, spec)


class _Unreadable(Exception):
    """The path cannot be opened: errno and text, which is no verdict on a picture."""


def _opened(path: str) -> BinaryIO:
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except OSError as error:
        raise _Unreadable(error.errno, error.strerror) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise _Unreadable(errno.EINVAL, "not a regular file")
    return file


def _work(head: dict[str, Any], data: Buffer, spec: Spec) -> tuple[dict[str, Any], list[bytes]]:
    from media_core.engine.animation import animation
    from media_core.engine.crop import crop
    from media_core.engine.film import clean_film, film, is_wanted
    from media_core.engine.full import full_size
    from media_core.engine.pipeline import Stopwatch, inspect, process
    from media_core.engine.render import render

    watch = Stopwatch(told=head.get("told"))
    answer: dict[str, Any] = {}
    named: dict[str, Variant] = {}
    metadata = None
    with watch.stage("total"):
        match head["op"]:
            case "process":
                done = film(data, spec, watch) if is_wanted(data, spec) else process(data, spec, watch)
                beside = {"": done.full, "moving": done.moving, "still": done.still}
                named = {**done.variants, **{name: one for name, one in beside.items() if one}}
                answer |= {name: getattr(done, name) for name in _TOLD}
                metadata = done.metadata
            case "inspect":
                metadata = inspect(data, spec.limits)
            case "render":
                named = {spec.sizes[0]: render(data, spec, watch)}
            case "animate":
                named = {spec.sizes[0]: animation(data, spec.sizes[0], spec) or render(data, spec, watch)}
            case "crop":
                named = {"": crop(data, spec, Crop(**head["crop"]), watch)}
            case "poster":
                from media_core.engine.poster import poster

                named = {spec.sizes[0]: poster(data, spec, watch)}
            case "svg":
                from media_core.engine.svg import sanitized

                named = {"": sanitized(data, spec.limits)}
            case _:
                named = {"": clean_film(data, spec) if is_wanted(data, spec) else full_size(data, spec)}
    if metadata is not None:
        answer["metadata"] = {name: getattr(metadata, name) for name in type(metadata).__slots__}
    return _packed(answer, named) | {"seconds": watch.seconds}, _unique(named)


def _unique(named: dict[str, Variant]) -> list[bytes]:
    return [variant.data for variant in dict.fromkeys(named.values())]


def _packed(answer: dict[str, Any], named: dict[str, Variant]) -> dict[str, Any]:
    """Variants that are one picture are sent once."""
    order = {variant: at for at, variant in enumerate(dict.fromkeys(named.values()))}
    answer["variants"] = {
        name: [order[variant], variant.width, variant.height, variant.format]
        for name, variant in named.items()
    }
    return answer


if __name__ == "__main__":
    main(sys.argv[1:])
