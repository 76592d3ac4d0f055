"""Other gateways, from npm, in one Node process that is asked with lines of JSON and asks the test's subgraphs."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["AskSubgraph", "NodeMissing", "OtherGateways"]

_HERE = Path(__file__).parent
_LINE = 64 * 1024 * 1024

AskSubgraph = Callable[[str, str, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Answers for a subgraph: its name, the query, the variables."""


class NodeMissing(Exception):
    """The other gateways cannot run here; the message is the command that helps."""


class OtherGateways:
    """The running process; one gateway in it serves one supergraph at a time."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> OtherGateways:
        """Raises NodeMissing."""
        modules = await _installed()
        self._process = await asyncio.create_subprocess_exec(
            "node", str(_HERE / "gateways.mjs"),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_LINE,
            env={
                **os.environ, "INTEROP_MODULES": str(modules), "NODE_ENV": "production",
                "APOLLO_TELEMETRY_DISABLED": "true",
            },
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def load(self, gateway: str, supergraph: str) -> str | None:
        """Serve it by ``apollo`` or ``hive`` from now on; why that cannot be, or None."""
        found = await self._ask({"load": gateway, "supergraph": supergraph}, _nobody)
        return found.get("crash")

    async def ask(self, request: Mapping[str, Any], subgraphs: AskSubgraph) -> dict[str, Any]:
        """What the gateway answers to ``query``, ``variables`` and ``operationName``."""
        found = await self._ask({"ask": request}, subgraphs)
        answer: dict[str, Any] = found.get("answer") or {"errors": [{"message": found["crash"]}]}
        return answer

    async def read(self, supergraph: str) -> dict[str, Any]:
        """Its API schema and its subgraphs' types as the reference implementation reads them, or ``codes``."""
        return await self._ask({"read": supergraph}, _nobody)

    async def _ask(self, message: Mapping[str, Any], subgraphs: AskSubgraph) -> dict[str, Any]:
        number = next(self._numbers)
        await self._write({"id": number, **message})
        fetches: set[asyncio.Task[None]] = set()
        while True:
            found = await self._read_line()
            if "fetch" in found:
                fetches.add(asyncio.create_task(self._fetch(found, subgraphs)))
            elif found["id"] == number:
                await asyncio.gather(*fetches)
                return found

    async def _fetch(self, asked: Mapping[str, Any], subgraphs: AskSubgraph) -> None:
        answer = await subgraphs(asked["subgraph"], asked["query"], asked.get("variables") or {})
        await self._write({"fetched": asked["fetch"], "answer": answer})

    async def _write(self, message: Mapping[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        await self._process.stdin.drain()

    async def _read_line(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the other gateways have ended")
        found: dict[str, Any] = json.loads(line)
        return found


async def _nobody(subgraph: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    raise AssertionError(f"{subgraph} is asked {query}")


async def _installed() -> Path:
    """The folder with the packages, outside the repository, filled where it is empty; raises NodeMissing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NodeMissing("apt-get install nodejs npm (Node 20 or later); npm ci then fetches the gateways")
    lock = (_HERE / "package-lock.json").read_bytes()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "lets-connect" / f"interop-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, folder / name)
        install = await asyncio.create_subprocess_exec(
            "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, told = await install.communicate()
        if install.returncode:
            raise NodeMissing(f"npm ci in {folder}: {told.decode(errors='replace').strip()[-300:]}")
        (folder / "ready").touch()
    return folder
