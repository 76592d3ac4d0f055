"""The compiled executor beside Strawberry's own: ``python -m tests.benchmarks.execution``.

CPU time in one process, documents cached, resolvers not timed; then the compiled executor with them timed as the
product does, beside itself. The rounds of all three in turn, the best of each counted. Then how far what was
observed of two resolvers is from what they measured themselves. ``--product`` adds the feed page through gateway and subgraphs, on embedded servers that it starts. Exits 1 where a mark is missed.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop
from prometheus_client import CollectorRegistry
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.federation import Schema
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution import CompiledExecutionContext, DirectEntry, DocumentCache
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.resolvers import time_resolvers
from tests.benchmarks.execution.accuracy import deviations
from tests.benchmarks.execution.product import feed_seconds
from tests.benchmarks.execution.schema import QUERIES, Context, make_schema, representations

Run = Callable[[], Awaitable[Any]]

MARKS = {"flat": 0.06, "deep": 0.06, "feed": 0.18, "entities": 0.33, "flawed": 1.1}
_RUNS = 4
"""Of each in a round: few, so that some rounds are spared what else the machine does."""
_ACCURATE = 0.05
_TIMED = 1.12
_TURNS = 3
"""What timing may cost, beside the same untimed."""
_ROW = "{:<28}{:>10}{:>10}{:>8}{:>8}{:>10}{:>8}{:>8}\n"


def main() -> int:
    """Print the table; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.execution")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--product", action="store_true", help="the feed page on embedded servers as well")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    missed = uvloop.run(_table(args.rounds)) + uvloop.run(_accuracy())
    if args.product:
        missed += _product(args.rounds)
    return int(missed > 0)


async def _table(rounds: int) -> int:
    stock = make_schema(
        StrawberryGraphQLCoreExecutionContext, lambda: ParserCache(1000), lambda: ValidationCache(1000)
    )
    ours, timed = (make_schema(CompiledExecutionContext, DocumentCache) for _ in range(2))
    time_resolvers(timed._schema, "benchmark", Metrics(CollectorRegistry()))
    sys.stdout.write(_ROW.format("work", "stock ms", "ours ms", "ratio", "mark", "timed ms", "ratio", "mark"))
    missed = 0
    for name, mark in MARKS.items():
        runs = [_executing(schema, name) for schema in (stock, ours, timed)]
        missed += _row(name, await _compared(runs, rounds), mark)
    direct = [_executing(stock, "entities"), _entering(DirectEntry(ours)), _entering(DirectEntry(timed))]
    missed += _row("entities, entered directly", await _compared(direct, rounds), 0.29)
    new = [_new(schema) for schema in (stock, ours, timed)]
    return missed + _row("first of a new operation", await _compared(new, rounds), 1.3)


async def _accuracy() -> int:
    missed = 0
    for name, off in (await deviations()).items():
        missed += abs(off) > _ACCURATE
        sys.stdout.write(f"observed of {name:<36}{off:>+8.1%} (mark {_ACCURATE:.0%})\n")
    return missed


def _variables(name: str) -> dict[str, Any]:
    return {"representations": representations()} if name == "entities" else {}


def _executing(schema: Schema, name: str) -> Run:
    return lambda: schema.execute(QUERIES[name], _variables(name), context_value=Context())


def _entering(entry: DirectEntry) -> Run:
    query = QUERIES["entities"]
    return lambda: entry.execute(query, _variables("entities"), context_value=Context())


def _new(schema: Schema) -> Run:
    number = iter(range(10**9))
    feed = QUERIES["feed"]
    return lambda: schema.execute(feed.replace("title", f"t{next(number)}: title"), context_value=Context())


async def _compared(runs: list[Run], rounds: int) -> list[float]:
    """CPU milliseconds of each; the best round."""
    best = [float("inf")] * len(runs)
    for _ in range(rounds):
        for index, run in enumerate(runs):
            for _ in range(
                3
            ):  # the second use compiles; and what another left in the processor's caches goes
                await run()
            began = time.process_time()
            for _ in range(_RUNS):
                await run()
            best[index] = min(best[index], (time.process_time() - began) / _RUNS * 1e3)
    return best


def _row(name: str, times: list[float], mark: float) -> int:
    stock, ours, *timed = times
    cells = [f"{stock:.3f}", f"{ours:.3f}", f"{ours / stock:.3f}", f"{mark:.2f}"]
    missed = ours / stock > mark
    if timed:
        cells += [f"{timed[0]:.3f}", f"{timed[0] / ours:.3f}", f"{_TIMED:.2f}"]
        missed |= timed[0] / ours > _TIMED
    sys.stdout.write(
        _ROW.format(name, *cells, *[""] * (7 - len(cells))).rstrip("\n ") + ("  missed\n" if missed else "\n")
    )
    return int(missed)


def _product(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as home:
        best = {False: float("inf"), True: float("inf")}
        for _ in range(_TURNS):  # in turn, since the machine is not the same from minute to minute
            for compiled in best:
                seconds = uvloop.run(feed_seconds(Path(home), compiled, max(1, rounds // _TURNS)))
                best[compiled] = min(best[compiled], seconds)
    return _row("docs/queries/feed.graphql", [best[False] * 1e3, best[True] * 1e3], 0.35)


if __name__ == "__main__":
    sys.exit(main())
