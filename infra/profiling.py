"""Profiles of the process this runs in: where its time goes, and which lines allocate what stays.

Both are bounded, and one at a time. Time is sampled from a thread, so that the program profiled runs at its own speed but
for a hundredth; memory is traced by ``tracemalloc``, which slows allocations while it looks.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
import tracemalloc
from collections import Counter
from types import FrameType
from typing import Any

__all__ = ["FORMATS", "MOST_SECONDS", "Busy", "cpu_profile", "memory_profile"]

MOST_SECONDS = 60.0
FORMATS = ("collapsed", "speedscope")
_PER_SECOND = 100
_DEEPEST = 100
_MOST_STACKS = 20_000
_MOST_LINES = 50
_turn = threading.Lock()


class Busy(Exception):
    """Another profile is being taken."""


async def cpu_profile(seconds: float, format_: str = "collapsed") -> str:
    """The stacks of all threads, sampled 100 times a second: ``collapsed`` (a stack and its count a line, for flame
    graphs) or ``speedscope`` (https://www.speedscope.app/file-format-schema.json). Raises Busy."""
    stacks = await _one_at_a_time(_sampled, min(seconds, MOST_SECONDS))
    return _speedscope(stacks) if format_ == "speedscope" else _collapsed(stacks)


async def memory_profile(seconds: float) -> str:
    """The lines whose allocations since the beginning are still there, largest first. Raises Busy."""
    told: str = await _one_at_a_time(_allocated, min(seconds, MOST_SECONDS))
    return told


async def _one_at_a_time(work: Any, seconds: float) -> Any:
    if not _turn.acquire(blocking=False):
        raise Busy
    working = asyncio.ensure_future(asyncio.to_thread(work, seconds))
    working.add_done_callback(lambda _: _turn.release())
    return await asyncio.shield(working)  # whoever asked may leave: the thread goes on, and so does its turn


def _sampled(seconds: float) -> Counter[tuple[str, ...]]:
    stacks: Counter[tuple[str, ...]] = Counter()
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    own, until = threading.get_ident(), time.monotonic() + seconds
    while time.monotonic() < until:
        for ident, frame in sys._current_frames().items():
            if ident != own:
                stack = (names.get(ident, "thread"), *_stack(frame))
                if stack in stacks or len(stacks) < _MOST_STACKS:
                    stacks[stack] += 1
        time.sleep(1 / _PER_SECOND)
    return stacks


def _stack(frame: FrameType | None) -> list[str]:
    """From the outside in; what is deeper than 100 is cut at the outside."""
    stack: list[str] = []
    while frame is not None and len(stack) < _DEEPEST:
        code = frame.f_code
        stack.append(f"{code.co_qualname} ({code.co_filename.rpartition('/')[2]}:{frame.f_lineno})")
        frame = frame.f_back
    return stack[::-1]


def _collapsed(stacks: Counter[tuple[str, ...]]) -> str:
    return "".join(
        f"{';'.join(name.replace(';', ',') for name in stack)} {count}\n"
        for stack, count in stacks.most_common()
    )


def _speedscope(stacks: Counter[tuple[str, ...]]) -> str:
    frames: dict[str, int] = {}
    samples = [[frames.setdefault(name, len(frames)) for name in stack] for stack in stacks]
    weights = [count / _PER_SECOND for count in stacks.values()]
    profile = {
        "type": "sampled",
        "name": "lets-connect",
        "unit": "seconds",
        "startValue": 0,
        "endValue": sum(weights),
        "samples": samples,
        "weights": weights,
    }
    return json.dumps(
        {
            "$schema": "https://www.speedscope.app/file-format-schema.json",
            "shared": {"frames": [{"name": name} for name in frames]},
            "profiles": [profile],
        }
    )


def _allocated(seconds: float) -> str:
    tracemalloc.start(1)
    try:
        time.sleep(seconds)
        snapshot, (held, peak) = tracemalloc.take_snapshot(), tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    lines = [f"{held} bytes held of those allocated in {seconds:g} s, {peak} at most"]
    for found in snapshot.statistics("lineno")[:_MOST_LINES]:
        place = found.traceback[0]
        lines.append(f"{found.size:>12} bytes {found.count:>8} blocks {place.filename}:{place.lineno}")
    return "\n".join(lines) + "\n"
