"""Many random cases: ``python -m tests.subgraphs.kit.execution.random --cases 10000``. Exits 1 at the first that fails."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import warnings
from collections import Counter
from random import Random

from tests.subgraphs.kit.execution.random.check import Case, check


async def _run(first: int, cases: int) -> int:
    found: Counter[str] = Counter()
    began = time.perf_counter()
    for number in range(first, first + cases):
        case = Case.drawn(Random(number))  # noqa: S311
        try:
            found += await check(case)
        except AssertionError as failed:
            sys.stdout.write(f"case {number}, {case}:\n{failed}\n")
            return 1
        if (number - first) % 500 == 499:
            sys.stdout.write(f"{number - first + 1:,} cases, {dict(found)}\n")
            sys.stdout.flush()
    seconds = time.perf_counter() - began
    sys.stdout.write(f"{cases:,} cases in {seconds:.0f} s, all equal: {dict(found)}\n")
    return 0


def _but_of_coroutines(unraisable: sys.UnraisableHookArgs) -> None:
    """A coroutine that goes within a named tuple's generated code, where nothing can be imported, fails even to warn."""
    if not (isinstance(unraisable.exc_value, KeyError) and unraisable.exc_value.args == ("__import__",)):
        sys.__unraisablehook__(unraisable)


def main() -> int:
    """The number of the process' exit."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.subgraphs.kit.execution.random", description=__doc__
    )
    parser.add_argument("--first", type=int, default=0, help="the first case's number (default: %(default)s)")
    parser.add_argument("--cases", type=int, default=10_000, help="how many (default: %(default)s)")
    args = parser.parse_args()
    # Where an error cuts a list short, graphql-core leaves coroutines unawaited.
    warnings.simplefilter("ignore")
    sys.unraisablehook = _but_of_coroutines
    return asyncio.run(_run(args.first, args.cases))


if __name__ == "__main__":
    sys.exit(main())
