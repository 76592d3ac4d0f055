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

from subgraphs.kit.domain.demo import PEOPLE
from tests.benchmarks.media_uploads.memory import Memory
from tests.benchmarks.media_uploads.waits import Waits
from tests.end_to_end.product import ROOT, Product, start_product

__all__ = ["main"]


_QUERY = (
    "{ viewer { id handle } feed(kind: HOME, first: 5) { edges { node { id body author { handle } } } } }"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: when it was due, how much later it was sent and, from when it was due, answered, in seconds."""

    due: float
    sent: float
    answered: float


@dataclass(frozen=True, slots=True)
class Latencies:
    """Of the queries of one phase, in milliseconds."""

    count: int
    median: float
    p99: float

    @classmethod
    def of(cls, asked: list[Asked]) -> Latencies:
        ordered = sorted(one.answered * 1000 for one in asked)
        return cls(len(ordered), statistics.median(ordered), ordered[int(len(ordered) * 0.99)])


def main() -> int:
    """Measure and print; exit code 1 where an acknowledged upload is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--rate", type=float, default=10.0, help="queries a second")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds without uploads")
    parser.add_argument(
        "--held", type=float, default=0.1, help="seconds from which on what holds the event loop is told of"
    )
    given = parser.parse_args()
    held = {"LETS_CONNECT_GATEWAY_LOOP_HELD_SECONDS": str(given.held)}
    with tempfile.TemporaryDirectory() as folder:
        product = start_product(Path(folder) / "home", **held)
        try:
            return asyncio.run(_measure(product, given))
        finally:
            product.stop()
            _print_holds(Path(folder) / "home.log")


async def _measure(product: Product, given: Any) -> int:
    tokens = [product.login(person.handle) for person in PEOPLE]
    token = tokens[0]
    await _probed(product, token, given.rate, asyncio.sleep(5.0))  # warm
    idle = Latencies.of(await _probed(product, token, given.rate, asyncio.sleep(given.idle)))
    with Memory(product.process.pid) as memory, Waits(product.process.pid) as waits:
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
    _print_slowest(busy, began, waits)
    return 0 if sent["missing"] == 0 and sent["acknowledged"] == given.uploads else 1


async def _probed(product: Product, token: str, rate: float, meanwhile: Awaitable[Any]) -> list[Asked]:
    prober = await _start("tests.benchmarks.media_uploads.prober", product.url, token, str(rate), _QUERY)
    await meanwhile
    output, _ = await prober.communicate(b"")
    return [Asked(*one) for one in json.loads(output)]


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


def _print_slowest(busy: list[Asked], began: float, waits: Waits, count: int = 8) -> None:
    """What became of the time of each: the client's own, and what the product's main thread did meanwhile."""
    print(
        "\n| the slowest, at s | ms | sent late ms | the loop worked ms | and waited for a processor ms |\n|---|---|---|---|---|"
    )
    for one in sorted(busy, key=lambda asked: asked.answered, reverse=True)[:count]:
        spent = waits.between(one.due, one.due + one.answered)
        row = (one.answered, one.sent, spent.worked, spent.waited)
        print(f"| {one.due - began:.1f} | {' | '.join(f'{1000 * value:.0f}' for value in row)} |")


def _print_holds(log: Path) -> None:
    held = [line for line in log.read_text().splitlines() if "the event loop was held" in line]
    print("\nWhat held the event loop: " + ("nothing" if not held else ""), *held, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
