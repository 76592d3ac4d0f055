"""See the package."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import distributions, version
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[5]
_LEFT_OUT = {
    *("channels", "django", "litestar", "sanic", "websockets"),
    *("benchmarks", "cli", "codemods", "plugins", "tools", "typecheckers"),
}
"""Folders of its tests that need a framework or a program of their own, or measure, and execute nothing of ours."""
_NEEDED = [
    "asgiref",
    "email-validator",
    "fastapi",
    "flask",
    "freezegun",
    "inline-snapshot",
    "libcst",
    "markupsafe",
    "pydantic",
    "pyinstrument",
    "pytest-aiohttp",
    "pytest-emoji",
    "pytest-mock",
    "pytest-snapshot",
    "python-dateutil",
    "python-multipart",
    "quart",
    "rich",
    "typer",
]
_SECONDS = 900
_MOST_TOLD = 50


@dataclass
class _Tally:
    """What all parts came to; differences by test, with both outcomes."""

    ended: Counter[str] = field(default_factory=Counter)
    compiled: int = 0
    differing: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, stock: Mapping[str, str], compiled: Mapping[str, str]) -> None:
        self.compiled += int(compiled.get("", 0))
        for test in sorted((stock.keys() | compiled.keys()) - {""}):
            outcomes = stock.get(test, "did not run"), compiled.get(test, "did not run")
            self.ended[outcomes[0]] += 1
            if outcomes[0] != outcomes[1]:
                self.differing[test] = outcomes


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.subgraphs.kit.execution.upstream")
    parser.add_argument("checkout", type=Path, help="of github.com/strawberry-graphql/strawberry")
    parser.add_argument("parts", nargs="*", help="of its tests, for example schema; without any: all")
    parser.add_argument("--environment", type=Path, default=_ROOT / ".venv-upstream")
    given = parser.parse_args()
    if not (given.checkout / "tests" / "conftest.py").is_file():
        parser.error(f"{given.checkout} has no tests/conftest.py: give a checkout of Strawberry's repository")
    python = _environment(given.environment)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        for folder in ("tests", "docs"):  # and not the package, which is the installed one
            shutil.copytree(given.checkout / folder, place / folder)
        shutil.copy(given.checkout / "pyproject.toml", place)
        tally = asyncio.run(_both(python, place, given.parts or _parts(place / "tests")))
    return _told(tally)


def _environment(place: Path) -> Path:
    """The interpreter of one that has all that is installed here, as it is, and what the tests need besides."""
    python = place / "bin" / "python"
    if (place / "whole").exists():
        return python
    venv.create(place, clear=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
    as_here = place / "constraints.txt"
    ours = [f"{d.name}=={d.version}\n" for d in distributions() if d.name != "lets-connect"]
    as_here.write_text("".join(ours))
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "pip", "install", "-q", "--python", python, "-c", as_here, *_NEEDED], check=True)
    (place / "whole").touch()
    return python


def _parts(tests: Path) -> list[str]:
    """Folders and modules, each of which is run by itself."""
    return sorted(
        part.name
        for part in tests.iterdir()
        if part.name not in _LEFT_OUT and (any(part.rglob("test_*.py")) or part.match("test_*.py"))
    )


async def _both(python: Path, place: Path, parts: Sequence[str]) -> _Tally:
    tally = _Tally()
    for part in parts:
        stock, compiled = await asyncio.gather(
            _outcomes(python, place, part, "stock"), _outcomes(python, place, part, "compiled")
        )
        before = len(tally.differing)
        tally.add(stock, compiled)
        print(f"{part}: {len(stock) - 1} tests, {len(tally.differing) - before} differing", flush=True)
    return tally


async def _outcomes(python: Path, place: Path, part: str, executor: str) -> dict[str, str]:
    """By test, in a process of its own; of one that does not end, or ends badly, nothing but that."""
    file = place / f"{executor}.json"
    file.unlink(missing_ok=True)
    own = {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(_ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "UPSTREAM_EXECUTOR": executor,
        "UPSTREAM_OUTCOMES": str(file),
    }
    command = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "plugin",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        f"tests/{part}",
    ]
    process = await asyncio.create_subprocess_exec(
        python,
        *command,
        cwd=place,
        env={**os.environ, **own},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {"": "0"}
    nothing = len(found) == 1 and process.returncode != pytest.ExitCode.NO_TESTS_COLLECTED
    return found if not nothing else {**found, part: f"ended with {process.returncode}"}


def _told(tally: _Tally) -> int:
    ended = ", ".join(f"{count} {outcome}" for outcome, count in tally.ended.most_common())
    print(
        f"\nStrawberry {version('strawberry-graphql')}, {tally.ended.total()} tests: {ended} with the stock executor"
    )
    print(f"{tally.compiled} operations ran compiled; {len(tally.differing)} tests ended differently")
    for test, (stock, compiled) in list(tally.differing.items())[:_MOST_TOLD]:
        print(f"  {test}: {stock}, compiled: {compiled}")
    return 1 if tally.differing or not tally.compiled else 0


if __name__ == "__main__":
    sys.exit(_main())
