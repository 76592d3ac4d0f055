"""media_core on one picture: ``python -m tests.benchmarks.media.ours FORMAT FILE REPEATS OUT``.

Prints CPU milliseconds and peak MB, its worker's included.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import media_core
from media_core import Format, PoolSettings, Spec
from media_core.pool.shared import shared_pool

_NANOSECONDS = 1_000_000


def main(format_: str, path: str, repeats: str, folder: str) -> None:
    """As an application would: one pool, the picture as bytes."""
    media_core.configure(PoolSettings(workers=1))
    data = Path(path).read_bytes()
    spec = Spec(format=Format(format_), sizes=("large",)) if format_ == "avif" else Spec()
    media_core.inspect(data)  # the rivals' imports are not counted either
    cpu = []
    for _ in range(int(repeats)):
        before = _cpu()
        done = media_core.process(data, spec)
        cpu.append(_cpu() - before)
    for name, variant in done.variants.items():
        Path(folder, str(media_core.SIZES[name])).write_bytes(variant.data)
    print(json.dumps({"cpu": cpu, "peak": sum(_peak(process) for process in ("self", *_workers()))}))


def _workers() -> list[str]:
    return [str(pid) for pid in shared_pool().pids]


def _cpu() -> float:
    """Milliseconds of this process and its workers; the kernel counts those of a process that still runs in ns."""
    workers = (int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in _workers())
    return time.process_time_ns() / _NANOSECONDS + sum(workers) / _NANOSECONDS


def _peak(process: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
