"""CPU and memory of composing a large graph, here and by npm: ``python -m tests.benchmarks.composition``."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

from gateway.composition import compose_from_sdls
from tests.benchmarks.composition.graph import large_graph
from tests.oracle.client import Oracle

__all__ = ["main"]


def main() -> None:
    """Compose in a process of its own each, so that neither's memory counts for the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subgraphs", type=int, default=100)
    parser.add_argument("--types", type=int, default=50)
    parser.add_argument("--ours", action="store_true", help="measure here and print JSON")
    options = parser.parse_args()
    if options.ours:
        print(json.dumps(_ours(options.subgraphs, options.types)))
        return
    sizes = ["--subgraphs", str(options.subgraphs), "--types", str(options.types)]
    command = [sys.executable, "-m", "tests.benchmarks.composition", "--ours", *sizes]
    ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    with Oracle() as oracle:
        rest = oracle.compose([("one", "", "type Query { a: Int }")]).memory
        theirs = oracle.compose(large_graph(options.subgraphs, options.types))
    if theirs.errors or theirs.crash:
        raise SystemExit(f"npm does not compose it: {theirs.errors[:1] or theirs.crash}")
    print(f"{options.subgraphs} subgraphs of {options.types} types")
    print(f"  here: {ours['cpu']:6.1f} s CPU, {ours['memory'] / 1024:6.0f} MiB more than at rest")
    print(f"  npm:  {theirs.cpu:6.1f} s CPU, {(theirs.memory - rest) / 1024:6.0f} MiB more than at rest")
    print(f"  CPU here / npm: {ours['cpu'] / theirs.cpu:.2f}")


def _ours(subgraphs: int, types: int) -> dict[str, float]:
    given = large_graph(subgraphs, types)
    rest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = time.process_time()
    compose_from_sdls(given)
    cpu = time.process_time() - before
    return {"cpu": cpu, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - rest}


if __name__ == "__main__":
    main()
