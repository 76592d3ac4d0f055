"""The gateway under load for long, its supergraph changing meanwhile: ``python -m tests.benchmarks.gateway.soak``.

It tells each minute how much memory is resident, and fails for an answer that is none, for memory that goes on growing
after the first three minutes, and for more connections when all is over than a pool keeps for the next request.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.gateway.gateways import Place, ours
from tests.benchmarks.gateway.graphs import distinct_operations
from tests.benchmarks.gateway.processes import Started
from tests.benchmarks.gateway.scenarios import body
from tests.benchmarks.gateway.tokens import issue
from tests.benchmarks.gateway.upstream import composed, stubs
from tests.ports import free_ports

__all__ = ["main"]

_ROOT = Path(__file__).parents[3]
_OPERATIONS, _CONNECTIONS, _ROUND, _PAUSE = 300, 4, 10.0, 5.0
_SETTLED = 3
"""Minutes after which memory stays what it is."""
_GROWTH = 1.1
_KEPT = 7 * _CONNECTIONS + 1
"""Connections that may stay open: as many as fetches can have been under way at once, and one to the collector."""
_OVER_SECONDS = 5.0


@dataclass
class _Seen:
    statuses: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    minutes: list[float] = field(default_factory=list)
    """Megabytes resident at the end of each."""

    def faults(self, left: int) -> Sequence[str]:
        """What is wrong; ``left``: connections that an idle process has and a new one has not."""
        settled = self.minutes[_SETTLED:]
        found = [f"{n} answers were {status}" for status, n in self.statuses.items() if status != "200"]
        if settled and max(settled) > _GROWTH * settled[0]:
            found.append(f"memory grew from {settled[0]:.0f} to {max(settled):.0f} MB")
        if left > _KEPT:
            found.append(f"{left} connections are left, where {_KEPT} may be")
        return found


def main() -> int:
    """Run, tell, and say whether anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gateway.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0, help="default: %(default)s")
    minutes = parser.parse_args().minutes
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        base = free_ports(40)
        keys, token = issue()
        (folder / "keys").write_bytes(keys)
        stack.enter_context(stubs("shop", base, folder / "keys", None))
        supergraph = folder / "supergraph.graphql"
        supergraph.write_text(composed("shop", base))
        place = Place(base + 20, supergraph, base, folder, None, share=True)
        gateway = ours()
        process = Started(gateway.command(place), gateway.environment(place), folder / "log", _ROOT)
        stack.callback(process.stop)
        process.wait_for(place.port, body("{ __typename }"))
        before = process.connections()
        seen = _run(process, place, token, minutes)
        time.sleep(_OVER_SECONDS)
        left = process.connections() - before
    faults = seen.faults(left)
    total = sum(seen.statuses.values())
    print(f"{total:,} answers, {seen.changes} changed supergraphs, {left} connections kept")
    for fault in faults:
        print(f"wrong: {fault}")
    return 1 if faults else 0


def _run(process: Started, place: Place, token: str, minutes: float) -> _Seen:
    """Rounds of load; in the middle of each the supergraph changes."""
    bodies = place.folder / "bodies"
    bodies.write_bytes(b"\n".join(body(one) for one in distinct_operations(_OPERATIONS, seed=3)))
    sdl = place.supergraph.read_text()
    seen, began = _Seen(), time.monotonic()
    while (since := time.monotonic() - began) < 60 * minutes:
        load = _load(place.port, bodies, token)
        time.sleep(_ROUND / 2)
        seen.changes += 1
        changed = place.folder / "changed"
        changed.write_text(f'{sdl}\n"number {seen.changes}"\nscalar Change{seen.changes}\n')
        changed.replace(place.supergraph)
        output, _ = load.communicate(timeout=120)
        seen.statuses.update(json.loads(output)["statuses"])
        time.sleep(_PAUSE)
        if since // 60 >= len(seen.minutes):
            seen.minutes.append(process.resident() / 1e6)
            print(f"minute {len(seen.minutes)}: {seen.minutes[-1]:.0f} MB", file=sys.stderr, flush=True)
    return seen


def _load(port: int, bodies: Path, token: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.benchmarks.gateway.load", "--port", str(port)]
    command += ["--header", f"authorization: Bearer {token}", "--bodies", str(bodies)]
    command += ["--requests", "1000000", "--seconds", str(_ROUND), "--connections", str(_CONNECTIONS)]
    return subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    sys.exit(main())
