"""Many uploads at once beside other queries: ``python -m tests.benchmarks.media_uploads``.

Starts the product as one process, asks it queries at a steady rate, first alone and then while 100 photographs of
12 megapixels are sent at the same moment, by all demo people in turn, each again after a 429 when ``Retry-After`` says.
Clients run as processes of their own, so that what they cost does not stand in the way of the answers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subgraphs.kit.demo import PEOPLE
from tests.benchmarks.media_uploads.memory import Memory
from tests.end_to_end.product import ROOT, Product, start_product

__all__ = ["main"]


_QUERY = (
    "{ viewer { id handle } feed(kind: HOME, first: 5) { edges { node { id body author { handle } } } } }"
)


@dataclass(frozen=True, slots=True)
class Latencies:
    """Of the queries of one phase, in milliseconds."""

    count: int
    median: float
    p99: float

    @classmethod
    def of(cls, seconds: list[float]) -> Latencies:
        ordered = sorted(second * 1000 for second in seconds)
        return cls(len(ordered), statistics.median(ordered), ordered[int(len(ordered) * 0.99)])


def main() -> int:
    """Measure and print; exit code 1 where an acknowledged upload is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--rate", type=float, default=10.0, help="queries a second")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds without uploads")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        product = start_product(Path(folder) / "home")
        try:
            return asyncio.run(_measure(product, given))
        finally:
            product.stop()


async def _measure(product: Product, given: Any) -> int:
    tokens = [product.login(person.handle) for person in PEOPLE]
    token = tokens[0]
    await _probed(product, token, given.rate, asyncio.sleep(5.0))  # warm
    idle = Latencies.of(await _probed(product, token, given.rate, asyncio.sleep(given.idle)))
    with Memory(product.process.pid) as memory:
        before = memory.now
        sending = await _start(
            "tests.benchmarks.media_uploads.sender", product.url, str(given.uploads), *tokens
        )
        began = time.monotonic()
        output = asyncio.create_task(sending.communicate())
        busy = await _probed(product, token, given.rate, asyncio.wait([output]))
        took = time.monotonic() - began
    sent = json.loads((await output)[0])
    _print(given, idle, Latencies.of(busy), sent, took, (before, memory.peak))
    return 0 if sent["missing"] == 0 and sent["acknowledged"] == given.uploads else 1


async def _probed(product: Product, token: str, rate: float, meanwhile: Awaitable[Any]) -> list[float]:
    prober = await _start("tests.benchmarks.media_uploads.prober", product.url, token, str(rate), _QUERY)
    await meanwhile
    output, _ = await prober.communicate(b"")
    found: list[float] = json.loads(output)
    return found


async def _start(module: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def _print(
    given: Any, idle: Latencies, busy: Latencies, sent: Any, took: float, memory: tuple[int, int]
) -> None:
    print(f"| queries, {given.rate:.0f} a second | count | median ms | p99 ms |\n|---|---|---|---|")
    for name, found in (("alone", idle), (f"while {given.uploads} uploads are taken", busy)):
        print(f"| {name} | {found.count} | {found.median:.1f} | {found.p99:.1f} |")
    print(f"\np99 ratio {busy.p99 / idle.p99:.1f}, median ratio {busy.median / idle.median:.1f}")
    print(
        f"{sent['acknowledged']} acknowledged in {sent['seconds']:.0f} s, {sent['busy']} answers 429, "
        f"other failures {sent['failed'] or 'none'}, {sent['missing']} acknowledged and not there"
    )
    print(f"memory of all processes: {memory[0] >> 20} MiB before, {memory[1] >> 20} MiB at most")
    print(f"load average {os.getloadavg()[0]:.0f}; measured over {took:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
