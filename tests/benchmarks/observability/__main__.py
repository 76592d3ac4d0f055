"""What observing costs: ``python -m tests.benchmarks.observability``.

The feed page (docs/queries/feed.graphql) through gateway and subgraphs in one process, all on at default sampling
beside all off: no measuring, no traces, no lines of log. CPU time of two processes that take turns on the same embedded
servers, ten pages a round. Two processes that do the same were seen to differ by 2 to 4 %; so there
are several pairs, each with a hash seed of its own, and what counts is the median of all their rounds' ratios. Then a scrape
of 50,000 samples by our encoder beside prometheus-client's own. Exits 1 where a mark is missed.
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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

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
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=40, help="of each pair")
    parser.add_argument("--same", action="store_true", help="both all off: how much of a ratio is chance")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        uvloop.run(serve_rounds(options.serve))
        return 0
    logging.disable(logging.CRITICAL)
    page = uvloop.run(_pages(options.pairs, options.rounds, {} if not options.same else _OFF))
    return int(page > _MARK) + int(_scrape() > _SCRAPE_MARK)


async def _pages(pairs: int, rounds: int, on: Mapping[str, str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        settings = Settings.from_environment({"LETS_CONNECT_HOME": str(home)})
        async with open_servers(settings, attach=False):
            # who fills the database has another past than who finds it filled
            with _child(home, **_OFF) as first:
                await asyncio.to_thread(_started, first)
            told = []
            for seed in range(pairs):
                own = {"PYTHONHASHSEED": str(seed)}
                with _child(home, **_OFF, **own) as without, _child(home, **on, **own) as with_:
                    told.append(await asyncio.to_thread(_taking_turns, without, with_, rounds))
    return _reported(told)


@contextmanager
def _child(home: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    given = {k: v for k, v in os.environ.items() if not k.startswith(("LETS_CONNECT_", "OTEL_"))}
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.observability", "--serve", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=given | environment,
        text=True,
    )
    try:
        yield child
    finally:
        child.communicate("", timeout=60)


def _started(child: subprocess.Popen[str]) -> None:
    assert child.stdout is not None
    child.stdout.readline()


def _round(child: subprocess.Popen[str]) -> float:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("go\n")
    child.stdin.flush()
    return float(child.stdout.readline())


_Rounds: TypeAlias = list[tuple[float, float]]
"""CPU seconds of a page without and with."""


def _taking_turns(without: subprocess.Popen[str], with_: subprocess.Popen[str], rounds: int) -> _Rounds:
    _started(without)
    _started(with_)
    taken: _Rounds = []
    for number in range(rounds):
        if number % 2:
            later, sooner = _round(with_), _round(without)
            taken.append((sooner, later))
        else:
            taken.append((_round(without), _round(with_)))
    return taken


def _reported(pairs: list[_Rounds]) -> float:
    rounds = [one for pair in pairs for one in pair]
    columns = list(zip(*rounds, strict=True))
    least, middle = [min(column) for column in columns], [statistics.median(column) for column in columns]
    ratios = sorted(_ratio(pair) for pair in pairs)
    ratio = _ratio(rounds)
    for name, at in (("off", 0), ("on", 1)):
        print(
            f"a feed page, all {name:3}  {middle[at] * 1000:7.2f} ms CPU, {least[at] * 1000:.2f} ms at best"
        )
    print(
        f"median of the rounds' ratios {ratio:.3f} (at most {_MARK}); of the pairs' {ratios[0]:.3f} to {ratios[-1]:.3f}"
    )
    return ratio


def _ratio(rounds: _Rounds) -> float:
    return statistics.median(with_ / without for without, with_ in rounds)


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
