"""Figures go into docs/comparison.md, each table in a section with the command that made it."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["write_section"]

_PAGE = Path(__file__).parents[2] / "docs" / "comparison.md"


def write_section(heading: str, introduction: str, command: str, text: str) -> None:
    """Put the section where the page has it, or at its end."""
    page = _PAGE.read_text()
    section = f"## {heading}\n\n{introduction}\n\n```sh\n{command}\n```\n\n{text}\n\n"
    known = re.compile(rf"## {re.escape(heading)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    page = known.sub(lambda _: section, page) if known.search(page) else f"{page.rstrip()}\n\n{section}"
    _PAGE.write_text(page.rstrip("\n") + "\n")
