"""The gateway's process as its users start it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from gateway.composition import compose_from_sdls

__all__ = ["Gateway", "command", "environment_of", "started", "write_supergraph"]

_READY = re.compile(r"(http://\S+/graphql) ready\n")


def write_supergraph(path: Path, url: str, field: str = "one") -> Path:
    """A supergraph of one subgraph there, with one field."""
    path.write_text(compose_from_sdls([("my-books", url, f"type Query {{ {field}: Int }}")]).supergraph_sdl)
    return path


@dataclass
class Gateway:
    """A gateway that is ready."""

    url: str
    process: subprocess.Popen[str]

    async def ask(self, query: str) -> object:
        """What it answers."""
        async with httpx.AsyncClient() as client:  # of its own: whichever worker takes the connection
            return (await client.post(self.url, json={"query": query})).json()

    def children(self) -> list[int]:
        """Its workers' process ids."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in path.read_text().split()]


def command(*arguments: str | Path) -> list[str]:
    """What starts it."""
    return [sys.executable, "-m", "infra", "gateway", *map(str, arguments)]


def environment_of(**more: str) -> dict[str, str]:
    """Nothing of ours but the path."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **more}


@contextlib.contextmanager
def started(*arguments: str | Path, **environment: str) -> Iterator[Gateway]:
    """It, listening; ended with the context."""
    with subprocess.Popen(
        command(*arguments, "--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment_of(**environment),
    ) as process:
        try:
            assert process.stdout is not None
            found = _READY.fullmatch(process.stdout.readline())
            assert found is not None
            yield Gateway(found[1], process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            with contextlib.suppress(ValueError):
                process.communicate(timeout=60)
