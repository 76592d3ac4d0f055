"""What observing costs: ``python -m tests.benchmarks.observability``.

The feed page (docs/queries/feed.graphql) through gateway and subgraphs in one process, all on at default sampling
beside all off: no measuring, no traces, no lines of log. CPU time of two processes that take turns on the same embedded
servers, ten pages a round, the best of each counted, and the median of the rounds' ratios. Then a scrape of 50,000 samples by our encoder beside
prometheus-client's own. Exits 1 where a mark is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from gateway.telemetry.exposition import encode
from gateway.telemetry.histograms import LightHistogram
from infra.servers import open_servers
from infra.settings import Settings
from tests.benchmarks.observability.product import serve_rounds

_MARK, _SCRAPE_MARK = 1.08, 1.0
_OFF = {
    "OTEL_SDK_DISABLED": "true",
    "LETS_CONNECT_GATEWAY_MEASURE": "false",
    "LETS_CONNECT_GATEWAY_ACCESS_LOG": "false",
}


def main() -> int:
    """Print both comparisons; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.observability")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        uvloop.run(serve_rounds(options.serve))
        return 0
    logging.disable(logging.CRITICAL)
    page = uvloop.run(_pages(options.rounds))
    return int(page > _MARK) + int(_scrape() > _SCRAPE_MARK)


async def _pages(rounds: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        settings = Settings.from_environment({"LETS_CONNECT_HOME": str(home)})
        async with open_servers(settings, attach=False):
            off, on = _child(home, **_OFF), None
            try:
                await asyncio.to_thread(off.stdout.readline)  # type: ignore[union-attr]
                on = _child(home)
                await asyncio.to_thread(on.stdout.readline)  # type: ignore[union-attr]
                return await asyncio.to_thread(_compared, off, on, rounds)
            finally:
                for child in (off, on):
                    if child is not None:
                        child.communicate("", timeout=60)


def _child(home: Path, **environment: str) -> subprocess.Popen[str]:
    given = {k: v for k, v in os.environ.items() if not k.startswith(("LETS_CONNECT_", "OTEL_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.observability", "--serve", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=given | environment,
        text=True,
    )


def _round(child: subprocess.Popen[str]) -> float:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("go\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def _compared(off: subprocess.Popen[str], on: subprocess.Popen[str], rounds: int) -> float:
    pairs = [(_round(off), _round(on)) for _ in range(rounds)]
    least = [min(column) for column in zip(*pairs, strict=True)]
    ratio = statistics.median(with_ / without for without, with_ in pairs)
    print(f"a feed page, all off  {least[0] * 1000:7.2f} ms CPU")
    print(f"a feed page, all on   {least[1] * 1000:7.2f} ms CPU   {least[1] / least[0]:.3f} of it at best")
    print(f"median of the rounds' ratios            {ratio:.3f} (at most {_MARK})")
    return ratio


def _scrape() -> float:
    labels, bounds = ["service", "type", "field", "outcome"], (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0)
    theirs, ours = CollectorRegistry(), CollectorRegistry()
    reference = Histogram("resolver_seconds", "Resolvers", labels, buckets=bounds, registry=theirs)
    light = LightHistogram("resolver_seconds", "Resolvers", labels, bounds, ours)
    for number in range(5_000):
        for metric in (reference, light):
            metric.labels("content", f"Type{number % 50}", f"field{number}", "ok").observe(0.02)
    once = _least(lambda: generate_latest(theirs))
    again = _least(lambda: encode(ours))
    print(f"a scrape of 50,000 samples: prometheus-client {once * 1000:.0f} ms, ours {again * 1000:.0f} ms, "
          f"{again / once:.2f} of it (at most {_SCRAPE_MARK})")  # fmt: skip
    return again / once


def _least(work: Callable[[], Any]) -> float:
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


if __name__ == "__main__":
    sys.exit(main())
