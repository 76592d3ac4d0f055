"""Plans side by side with another planner: ``python -m tests.benchmarks.planning``.

Both plan the same operations over the same supergraphs, parsed and validated before, without a cache of
plans, each warmed by as many runs as are then timed, of which the best counts. The other planner is
installed under the user's cache folder when first needed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from graphql import parse

from gateway.composition import compose_from_sdls
from gateway.planning import Planner
from gateway.planning.printer import to_json, to_text
from gateway.supergraph import load_supergraph
from tests.benchmarks.gateway import shop
from tests.benchmarks.planning.rival import Planned, Rival, RivalMissing
from tests.conformance.random.check import serve
from tests.conformance.random.model import Wanted
from tests.conformance.random.operations import random_operation

__all__ = ["main"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One operation planned by both."""

    name: str
    ours: Planned
    theirs: Planned

    @property
    def ratio(self) -> float:
        """Our time over theirs."""
        return self.ours.seconds / self.theirs.seconds


def main() -> int:
    """Print the figures."""
    args = _arguments()
    try:
        rival = Rival()
    except RivalMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    try:
        pairs = list(_pairs(rival, args.graphs, args.operations, args.runs, show=args.show))
    finally:
        rival.close()
    failed = [pair for pair in pairs if pair.theirs.failure]
    pairs = [pair for pair in pairs if not pair.theirs.failure]
    _say(f"{len(pairs)} operations; {len(failed)} more that only ours plans")
    _requests(pairs)
    _times([pair for pair in pairs if pair.theirs.requests])
    return 0


def _pairs(rival: Rival, graphs: int, operations: int, runs: int, *, show: bool) -> Iterator[Pair]:
    sdls = [(name, f"http://{name}", sdl) for name, sdl in shop.SDL.items()]
    shop_sdl = compose_from_sdls(sdls).supergraph_sdl
    pair = _pair(rival, "shop", Planner(load_supergraph(shop_sdl)), Wanted(shop.QUERY, {}), runs)
    _say(
        f"the well-known shop query: {pair.ours.requests} requests, theirs {pair.theirs.requests};"
        f" time {pair.ratio:.2f} of theirs"
    )
    yield pair
    made, seed = 0, 0
    while made < graphs:
        served = serve(seed)
        seed += 1
        if served is None:
            continue
        made += 1
        for number in range(operations):
            wanted = random_operation(served.monolith.schema, Random(f"{seed}/{number}"))  # noqa: S311
            pair = _pair(rival, f"{seed - 1}/{number}", served.planner, wanted, runs)
            if show and not pair.theirs.failure and pair.ours.requests > pair.theirs.requests:
                _say(f"== {pair.name}\n{wanted.text}\n{pair.ours.plan}\ntheirs: {pair.theirs.plan}")
            yield pair


def _pair(rival: Rival, name: str, planner: Planner, wanted: Wanted, runs: int) -> Pair:
    document = parse(wanted.text)
    for _ in range(runs):
        planner.plan(document, active_labels=wanted.labels)
    best = float("inf")
    for _ in range(runs):
        started = time.perf_counter()
        plan = planner.plan(document, active_labels=wanted.labels)
        best = min(best, time.perf_counter() - started)
    ours = Planned(_fetches(to_json(plan)), best, to_text(plan))
    return Pair(name, ours, rival.plan(planner.supergraph.sdl, wanted.text, wanted.labels, runs))


def _fetches(node: object) -> int:
    if isinstance(node, list):
        return sum(map(_fetches, node))
    if not isinstance(node, dict):
        return 0
    return 1 if node.get("kind") == "Fetch" else sum(map(_fetches, node.values()))


def _requests(pairs: list[Pair]) -> None:
    more = [pair for pair in pairs if pair.ours.requests > pair.theirs.requests]
    fewer = sum(pair.ours.requests < pair.theirs.requests for pair in pairs)
    share = 100 * (len(pairs) - len(more)) / len(pairs)
    _say(f"requests: at most as many in {share:.1f} %, fewer in {100 * fewer / len(pairs):.1f} %")
    for pair in more:
        _say(f"  {pair.name}: {pair.ours.requests}, theirs {pair.theirs.requests}")


def _times(pairs: list[Pair]) -> None:
    ratios = sorted(pair.ratio for pair in pairs)
    median, worst = statistics.median(ratios), max(pairs, key=lambda pair: pair.ratio)
    _say(
        f"time: median {median:.2f} of theirs, nine in ten at most {ratios[int(0.9 * (len(ratios) - 1))]:.2f},"
        f" at most {worst.ratio:.2f} ({worst.name}: {1e3 * worst.ours.seconds:.3f} ms,"
        f" theirs {1e3 * worst.theirs.seconds:.3f} ms)"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.planning", description=__doc__)
    parser.add_argument("--graphs", type=int, default=60, help="random graphs")
    parser.add_argument("--operations", type=int, default=4, help="of each graph")
    parser.add_argument("--runs", type=int, default=20, help="to warm up, and then to time")
    parser.add_argument("--show", action="store_true", help="both plans where ours has more requests")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
