"""The reference implementation of composition, in a Node process that is asked with lines of JSON."""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

__all__ = ["Answer", "Oracle", "OracleMissing", "SubgraphSet"]

_HERE = Path(__file__).parent
_INSTALL = "install Node 20 or later (apt-get install nodejs npm); its packages are then fetched by npm ci"

SubgraphSet = Sequence[tuple[str, str, str]]
"""Name, URL and SDL of each subgraph."""


class OracleMissing(Exception):
    """The oracle cannot run here; the message is the command that helps."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What composing one set of subgraphs came to. ``crash`` is set where the reference itself fell over."""

    errors: tuple[tuple[str, str], ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    supergraph: str | None = None
    api: str | None = None
    crash: str | None = None
    cpu: float = 0.0
    """Seconds."""
    memory: int = 0
    """The process's most so far, in KiB."""

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the errors."""
        return frozenset(code for code, _ in self.errors)

    @property
    def hint_codes(self) -> frozenset[str]:
        """The codes of the hints."""
        return frozenset(code for code, _ in self.hints)


class Oracle:
    """A running process; ask it many times."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Oracle:
        modules = installed()
        node = shutil.which("node")
        assert node is not None
        self._process = subprocess.Popen(
            [node, "--stack-size=2000", str(_HERE / "compose.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "ORACLE_MODULES": str(modules)},
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._input.close()
        self._process.wait(timeout=60)
        self._output.close()

    def compose(self, subgraphs: SubgraphSet) -> Answer:
        """What it says of one set."""
        return next(self.all([subgraphs]))

    def all(
        self, sets: Iterable[SubgraphSet], ahead: int = 16, *, merge_only: bool = False
    ) -> Iterator[Answer]:
        """What it says of each, in order. It works on the next few while its answer is looked at.

        With ``merge_only`` there is a supergraph of what merges, although it may not be satisfiable.
        """
        numbers = itertools.count()
        asked = 0
        answered = 0
        for subgraphs in sets:
            request = {
                "id": next(numbers),
                "subgraphs": [{"name": name, "url": url, "sdl": sdl} for name, url, sdl in subgraphs],
                "mergeOnly": merge_only,
            }
            self._input.write(json.dumps(request) + "\n")
            self._input.flush()
            asked += 1
            if asked - answered >= ahead:
                answered += 1
                yield self._read()
        for _ in range(asked - answered):
            yield self._read()

    @property
    def _input(self) -> IO[str]:
        assert self._process is not None
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[str]:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout

    def _read(self) -> Answer:
        found: dict[str, Any] = json.loads(self._output.readline())
        return Answer(
            errors=tuple((e["code"], e["message"]) for e in found.get("errors", ())),
            hints=tuple((h["code"], h["message"]) for h in found.get("hints", ())),
            supergraph=found.get("supergraph"),
            api=found.get("api"),
            crash=found.get("crash"),
            cpu=found["cpu"],
            memory=found["memory"],
        )


def installed() -> Path:
    """The folder with the packages, outside the repository, filled where it is empty; raises OracleMissing."""
    npm = shutil.which("npm")
    if shutil.which("node") is None or npm is None:
        raise OracleMissing(_INSTALL)
    lock = (_HERE / "package-lock.json").read_bytes()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "lets-connect" / f"oracle-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as alone:  # another test process may be at it
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _fill(folder, npm)
    return folder


def _fill(folder: Path, npm: str) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_HERE / name, folder / name)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    if done.returncode:
        raise OracleMissing(f"npm ci in {folder}: {done.stderr.strip()[-300:]}")
    (folder / "ready").touch()
