"""Many random graphs: ``python -m tests.conformance.random --first 0 --graphs 1000 --operations 10``.

``--composer COMMAND`` composes by another program: it gets a line of JSON, a list of
``[name, url, sdl]``, and answers a line with ``{"ok": true, "sdl": ...}``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shlex
import subprocess
import sys
import time
from random import Random

from tests.conformance.random.check import Composer, Served, compose, serve
from tests.conformance.random.model import Wanted
from tests.conformance.random.operations import random_operation
from tests.conformance.random.reduce import reduce_operation


def _other(command: str) -> Composer:
    process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def composer(subgraphs: list[tuple[str, str, str]]) -> str | None:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(subgraphs) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        return str(answer["sdl"]) if answer["ok"] else None

    return composer


async def _complaints(served: Served, wanted: Wanted) -> str:
    try:
        found = await served.difference(wanted)
    except Exception as error:  # whatever it is, the operation is to be shown
        return f"{wanted.text}\n{wanted.variables} {sorted(wanted.labels)}\n{type(error).__name__}: {error}"
    return str(found) if found else ""


async def _run(args: argparse.Namespace) -> int:
    composer = _other(args.composer) if args.composer else compose
    graphs = operations = wrong = 0
    started = time.perf_counter()
    for seed in range(args.first, args.first + args.graphs):
        served = serve(seed, composer)
        if served is None:
            continue
        graphs += 1
        for number in range(args.operations):
            wanted = random_operation(served.monolith.schema, Random(f"{seed}/{number}"))  # noqa: S311
            operations += 1
            complaints = await _complaints(served, wanted)
            if not complaints:
                continue
            wrong += 1
            head = complaints.splitlines()[-1].split(":")[0]

            async def same(smaller: Wanted, served: Served = served) -> bool:
                return bool(await _complaints(served, smaller))

            smallest = await reduce_operation(wanted, served.monolith.schema, same)
            sys.stdout.write(f"== graph {seed}, operation {number} ({head})\n")
            sys.stdout.write(await _complaints(served, smallest) + "\n")
            if args.stop and wrong >= args.stop:
                args.graphs = 0
                break
        if args.stop and wrong >= args.stop:
            break
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{graphs} graphs, {operations} operations, {wrong} wrong, {seconds:.1f} s\n")
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.random", description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="number of the first graph")
    parser.add_argument("--graphs", type=int, default=100)
    parser.add_argument("--operations", type=int, default=10, help="for each graph")
    parser.add_argument("--composer", help="a command that composes instead of ours")
    parser.add_argument("--stop", type=int, default=0, help="after so many that are wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(_arguments())))
