"""What servers that a test started have written, shown with the test where it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Kept", "keep", "kept"]

_LAST, _LAST_BAD = 40, 20
_COMMON = (" INFO ", " LOG: ")
"""In lines of the product and of PostgreSQL that say of nothing bad."""


@dataclass(frozen=True)
class Kept:
    """One log. ``path`` need not be there yet."""

    name: str
    path: Path
    runs: Callable[[], bool]


_kept: list[Kept] = []


def keep(name: str, path: Path, runs: Callable[[], bool] = lambda: False) -> None:
    """Show this log with each test that fails while ``runs``, or in whose time something was written to it."""
    _kept.append(Kept(name, path, runs))


def kept(began: float) -> Iterator[tuple[str, str]]:
    """Name and last lines of each log that belongs to a test which began then; seconds since 1970."""
    for one in _kept:
        if one.path.is_file() and (one.runs() or one.path.stat().st_mtime >= began):
            lines = one.path.read_text(errors="replace").splitlines()
            last, before = lines[-_LAST:], lines[:-_LAST]
            bad = [line for line in before if not any(word in line for word in _COMMON)][-_LAST_BAD:]
            yield one.name, "\n".join([*bad, *(["…"] if bad else []), *last])
