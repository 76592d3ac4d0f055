"""The compiled executor beside Strawberry's own: ``python -m tests.benchmarks.execution``.

Ratios of CPU time in one process, both with documents cached, the rounds of both in turn and the best of
each counted. ``--timed`` wraps the resolvers as the product does; ``--product`` adds the feed page through
gateway and subgraphs, on embedded servers that it starts. Exits 1 where a mark is missed.
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
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.telemetry import time_resolvers
from tests.benchmarks.execution.product import feed_seconds
from tests.benchmarks.execution.schema import QUERIES, Context, make_schema, representations

Run = Callable[[], Awaitable[Any]]

MARKS = {"flat": 0.06, "deep": 0.06, "feed": 0.18, "entities": 0.33, "flawed": 1.1}
_TIMED = 1.12


def main() -> int:
    """Print the table; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.execution")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--timed", action="store_true", help="with the product's resolver timing on")
    parser.add_argument("--product", action="store_true", help="the feed page on embedded servers as well")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    missed = uvloop.run(_table(args.rounds, args.timed))
    if args.product:
        missed += _product(args.rounds)
    return int(missed > 0)


async def _table(rounds: int, timed: bool) -> int:
    stock = make_schema(
        StrawberryGraphQLCoreExecutionContext, lambda: ParserCache(1000), lambda: ValidationCache(1000)
    )
    ours = make_schema(CompiledExecutionContext, DocumentCache)
    if timed:
        for schema in (stock, ours):
            time_resolvers(schema._schema, "benchmark", Metrics(CollectorRegistry()))
    sys.stdout.write(f"{'work':<28}{'stock ms':>10}{'ours ms':>10}{'ratio':>8}{'mark':>8}\n")
    missed, slack = 0, _TIMED if timed else 1.0
    for name, mark in MARKS.items():
        pair = await _compared(_executing(stock, name), _executing(ours, name), rounds)
        missed += _row(name, *pair, mark * slack)
    direct = await _compared(_executing(stock, "entities"), _entering(DirectEntry(ours)), rounds)
    missed += _row("entities, entered directly", *direct, 0.29 * slack)
    missed += _row("first of a new operation", *await _compared(_new(stock), _new(ours), rounds), 1.3 * slack)
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


async def _compared(first: Run, second: Run, rounds: int) -> tuple[float, float]:
    """CPU milliseconds of each; the best round."""
    best = [float("inf")] * 2
    for _ in range(3):  # the second use compiles
        await first()
        await second()
    for _ in range(rounds):
        for index, run in enumerate((first, second)):
            began = time.process_time()
            for _ in range(10):
                await run()
            best[index] = min(best[index], (time.process_time() - began) * 100)
    return best[0], best[1]


def _row(name: str, stock: float, ours: float, mark: float) -> int:
    ratio = ours / stock
    missed = ratio > mark
    sys.stdout.write(
        f"{name:<28}{stock:>10.3f}{ours:>10.3f}{ratio:>8.3f}{mark:>8.3f}{'  missed' if missed else ''}\n"
    )
    return int(missed)


def _product(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as home:
        off = uvloop.run(feed_seconds(Path(home), compiled=False, rounds=rounds))
        on = uvloop.run(feed_seconds(Path(home), compiled=True, rounds=rounds))
    return _row("docs/queries/feed.graphql", off * 1e3, on * 1e3, 0.35)


if __name__ == "__main__":
    sys.exit(main())
