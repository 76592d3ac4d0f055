"""``python -m tests.conformance SUITE [CASE]``: cases with their plans, requests and answers."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import sys
from typing import Any

from gateway.planning.printer import to_text
from tests.conformance.corpus import Case, load_suite
from tests.conformance.recording import as_text, record
from tests.conformance.serving import Graph, Outcome, run_case, serve, shown

__all__ = ["main"]


def main() -> int:
    """Print the cases of a suite whose names contain CASE; 1 where one is answered otherwise than stored."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("suite")
    parser.add_argument("case", nargs="?", default="")
    parser.add_argument("--record", action="store_true", help="write down what the monolith answers")
    parser.add_argument("--brief", action="store_true", help="print what differs and nothing else")
    options = parser.parse_args()
    if options.record:
        record(options.suite)
    suite = load_suite(options.suite)
    graph = serve(suite)
    chosen = [case for case in suite.cases if options.case in case.name]
    return max([asyncio.run(_print(case, graph, options.brief)) for case in chosen], default=0)


async def _print(case: Case, graph: Graph, brief: bool) -> int:
    outcome = await run_case(case, graph)
    differences = [*outcome.wrong, *_difference(case, outcome)]
    if differences or not brief:
        print(f"\n# {case.id}\n\n{case.operation.strip()}")
        await _print_plan(case, graph)
        for asked in outcome.asked:
            print(f"\n-> {asked.subgraph}: {asked.query}")
            if asked.variables:
                print(f"   {json.dumps(asked.variables)}")
        for answer in outcome.answers:
            print(f"\n{as_text(answer)}")
        print("\n".join(["", *differences]) if differences else "\nas stored")
    return int(bool(differences))


async def _print_plan(case: Case, graph: Graph) -> None:
    try:
        print(
            f"\n{to_text((await graph.engine.preparation.prepare(case.operation, case.operation_name, granted=case.granted)).plan)}"
        )
    except Exception as refused:
        print(f"\nno plan: {refused}")


def _difference(case: Case, outcome: Outcome) -> list[str]:
    stored: list[Any] = list(case.answers)
    made = [shown(answer) for answer in outcome.answers]
    lines = list(
        difflib.unified_diff(
            "\n".join(map(as_text, stored)).splitlines(),
            "\n".join(map(as_text, made)).splitlines(),
            "stored",
            "answered",
            lineterm="",
        )
    )
    if case.requests is not None and dict(case.requests) != outcome.requests:
        lines.append(f"requests stored {dict(case.requests)}, made {outcome.requests}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
