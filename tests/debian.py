"""Tests that need a Debian package: ``@pytest.mark.debian("prometheus", program="promtool")``."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

__all__ = ["missing", "needed"]

_MARK = re.compile(r'mark\.debian\(\s*"([\w.+-]+)"(?:,\s*program="([\w.+-]+)")?')


def missing(package: str, program: str | None = None) -> bool:
    """Whether the program (of the package's own name unless told) is not there."""
    return shutil.which(program or package, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is None


def needed(directory: Path) -> list[tuple[str, str | None]]:
    """The packages that tests under ``directory`` are marked with, and the program of each."""
    found = {mark for file in directory.rglob("test_*.py") for mark in _MARK.findall(file.read_text())}
    return sorted((package, program or None) for package, program in found)


if __name__ == "__main__" and sys.argv[1:] == ["--missing"]:
    print(
        *sorted({package for package, program in needed(Path(__file__).parent) if missing(package, program)})
    )
