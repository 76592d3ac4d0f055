"""Many distorted answers: ``python -m tests.conformance.both_paths --first 0 --graphs 100 --operations 5 --orders 4``."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from random import Random

from tests.conformance.both_paths.check import Trial
from tests.conformance.random.check import serve
from tests.conformance.random.operations import random_operation


def _run(args: argparse.Namespace) -> int:
    logging.disable(logging.CRITICAL)
    trials = wrong = 0
    started = time.perf_counter()
    for graph in range(args.first, args.first + args.graphs):
        served = serve(graph)
        if served is None:
            continue
        for number in range(args.operations):
            wanted = random_operation(served.monolith.schema, Random(f"{graph}/{number}"))  # noqa: S311
            seeds = [None] if args.plain else [f"{graph}/{number}/{turn}" for turn in range(args.turns)]
            for seed in seeds:
                trials += 1
                try:
                    found = Trial(served, wanted, seed).differences(args.orders)
                except Exception as error:  # whatever it is, the operation is to be shown
                    found = [f"{type(error).__name__}: {error}"]
                if found:
                    wrong += 1
                    text = "\n".join([wanted.text, f"{wanted.variables}", *found])
                    sys.stdout.write(f"== graph {graph}, operation {number}, {seed}\n{text}\n")
                if args.stop and wrong >= args.stop:
                    return 1
    sys.stdout.write(f"{trials} trials, {wrong} wrong, {time.perf_counter() - started:.1f} s\n")
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.both_paths", description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="number of the first graph")
    parser.add_argument("--graphs", type=int, default=100)
    parser.add_argument("--operations", type=int, default=5, help="for each graph")
    parser.add_argument("--turns", type=int, default=5, help="distortions of each operation's answers")
    parser.add_argument("--orders", type=int, default=1, help="orders of arrival tried on each path")
    parser.add_argument("--plain", action="store_true", help="no distortions: orders of arrival alone")
    parser.add_argument("--stop", type=int, default=0, help="after so many that are wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(_run(_arguments()))
