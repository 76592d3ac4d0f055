"""Gateways side by side: ``python -m tests.benchmarks.gateway``.

All serve the same graph over the same subgraphs in turn. The npm gateways are installed under the user's cache
folder when first needed. A whole run takes most of an hour and writes docs/comparison.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.gateway.installed import NotInstalled, installed_rivals
from tests.benchmarks.gateway.measuring import Effort, Outcome, measure
from tests.benchmarks.gateway.processes import NotReady
from tests.benchmarks.gateway.report import tables, write_page
from tests.benchmarks.gateway.scenarios import SCENARIOS

__all__ = ["main"]

_QUICK = Effort(rounds=2, share=0.2, seconds=3.0, warm_seconds=3.0)


def main() -> int:
    """Measure, print, and write the page after a whole run."""
    given = _arguments()
    left_out: list[str] = []
    npm: Path | None = None
    try:
        npm = installed_rivals()
    except NotInstalled as reason:
        left_out.append(f"All npm gateways are left out: {reason}")
    effort = _QUICK if given.quick else Effort(share=given.share)
    outcomes: dict[str, Outcome] = {}
    for name in given.scenario or SCENARIOS:
        _say(f"{name}: {SCENARIOS[name].title}")
        outcomes[name] = _measured(name, npm, effort)
        _say(tables({name: outcomes[name]}, []))
    text = tables(outcomes, left_out)
    print(text)
    if given.write or not (given.scenario or given.quick):
        write_page(f"Load average when it ended: {os.getloadavg()[0]:.0f}.\n\n{text}", _command())
    return 0


def _measured(name: str, npm: Path | None, effort: Effort) -> Outcome:
    try:
        return measure(SCENARIOS[name], npm, effort)
    except (NotReady, subprocess.CalledProcessError) as reason:
        return Outcome(remarks=[f"not measured: {reason}"])


def _command() -> str:
    return " ".join(["python -m tests.benchmarks.gateway", *sys.argv[1:]])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gateway", description=__doc__)
    parser.add_argument("--scenario", nargs="+", choices=SCENARIOS, help="only these")
    parser.add_argument("--quick", action="store_true", help="a tenth of the time, and less sure")
    parser.add_argument("--share", type=float, default=1.0, help="of the requests (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write the page after a part of a run too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
