"""Contestants, each a process of its own on one core, in turn on the same picture."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Contestant", "Measured", "likeness", "measure", "ours"]

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Contestant:
    """``command`` takes a file, how often, and a folder for what it makes."""

    name: str
    command: tuple[str, ...]
    folder: Path = _ROOT


@dataclass(frozen=True, slots=True)
class Measured:
    """The least CPU of any repetition, the highest memory, and the folder with what was made."""

    cpu_ms: float
    peak_mb: float
    made: Path

    def bytes(self, side: int = 1920) -> int:
        """Of the picture of that size."""
        return (self.made / str(side)).stat().st_size


def ours(format_: str = "webp") -> Contestant:
    """This working tree."""
    return Contestant("ours", (sys.executable, "-m", "tests.benchmarks.media.ours", format_))


def measure(
    contestants: Sequence[Contestant], picture: Path, work: Path, *, rounds: int = 3, repeats: int = 5
) -> dict[str, Measured]:
    """Each in turn, so that a loaded machine is as slow for one as for the next."""
    best: dict[str, Measured] = {}
    for _ in range(rounds):
        for one in contestants:
            made = work / picture.stem / one.name.replace(" ", "-")
            made.mkdir(parents=True, exist_ok=True)
            run = _run(one, picture, repeats, made)
            before = best.get(one.name, run)
            best[one.name] = Measured(min(run.cpu_ms, before.cpu_ms), max(run.peak_mb, before.peak_mb), made)
    return best


def likeness(python: Path, original: Path, pictures: Sequence[Path]) -> list[float]:
    """SSIM of each to a Lanczos reduction of the original."""
    script = Path(__file__).parent / "rivals" / "likeness.py"
    command = [str(python), str(script), str(original), *map(str, pictures)]
    figures: list[float] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return figures


def _run(one: Contestant, picture: Path, repeats: int, made: Path) -> Measured:
    pinned = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if shutil.which("taskset") else []
    command = [*pinned, *one.command, str(picture), str(repeats), str(made)]
    done = subprocess.run(command, cwd=one.folder, capture_output=True, text=True, timeout=600, check=True)
    answer = json.loads(done.stdout)
    return Measured(min(answer["cpu"]), answer["peak"], made)
