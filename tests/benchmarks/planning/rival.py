"""The other planner, in a Node process that is asked with lines of JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Planned", "Rival", "RivalMissing"]

_HERE = Path(__file__).parent
PACKAGES = ("@apollo/query-planner@2.14.4", "graphql@16.14.2")


class RivalMissing(Exception):
    """It cannot run here; the message says what is needed."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a planner made of an operation: how many requests, in which time at best, or why nothing."""

    requests: int = 0
    seconds: float = 0.0
    plan: str = ""
    failure: str | None = None


class Rival:
    """A running process; ask it many times."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            raise RivalMissing("install Node 20 or later (apt-get install nodejs npm)")
        self._process = subprocess.Popen(
            [node, str(_HERE / "rival.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "RIVAL_MODULES": str(installed())},
        )

    def plan(self, sdl: str, query: str, labels: Iterable[str], runs: int) -> Planned:
        """Its plan, and the best time of ``runs`` after as many to warm up."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"sdl": sdl, "query": query, "labels": sorted(labels), "runs": runs}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Planned(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


def installed() -> Path:
    """The folder with the packages, outside the repository, filled where it is empty; raises RivalMissing."""
    npm = shutil.which("npm")
    if npm is None:
        raise RivalMissing("install npm (apt-get install npm)")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "lets-connect" / f"planning-{PACKAGES[0].rpartition('@')[2]}"
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        done = subprocess.run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES],
            cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RivalMissing(f"npm install in {folder}: {done.stderr.strip()[-300:]}")
        (folder / "ready").touch()
    return folder
