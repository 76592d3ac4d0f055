"""The subgraphs that gateways are measured on: a process of stubs, and the supergraph of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.composition import compose_from_sdls
from tests.benchmarks.gateway.graphs import GRAPHS
from tests.benchmarks.gateway.processes import NotReady, pinned

__all__ = ["composed", "stubs"]

_ROOT = Path(__file__).parents[3]


@contextmanager
def stubs(graph: str, port: int, keys: Path, core: int | None) -> Iterator[None]:
    """Serve the graph's subgraphs from ``port`` on, and the keys in the file. Raises NotReady."""
    command = [sys.executable, "-m", "tests.benchmarks.gateway.stubs", "--graph", graph]
    command = pinned(core, [*command, "--port", str(port), "--keys", str(keys)])
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise NotReady("the subgraphs did not start")
            yield
        finally:
            process.kill()


def composed(graph: str, port: int) -> str:
    """The supergraph of subgraphs that are served from ``port`` on."""
    given = [
        (name, f"http://127.0.0.1:{port + offset}/graphql", sdl)
        for offset, (name, sdl) in enumerate(GRAPHS[graph].sdl.items())
    ]
    sdl = compose_from_sdls(given).supergraph_sdl
    assert sdl is not None
    return sdl
