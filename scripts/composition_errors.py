"""Writes docs/composition-errors.md from the catalogue of codes, with the modules whose source raises each."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from gateway.composition.catalogue import CATALOGUE, Entry  # noqa: E402

PAGE = ROOT / "docs" / "composition-errors.md"
_ROOMS = ("federation", "supergraph", "composition")
_WORDS = re.compile(r"_?[A-Z]+(_[A-Z]+)+_?|[A-Z]+_")
_HEAD = """# Errors and hints of composition

What `lets-connect compose` says, by its codes. This page is made by `scripts/composition_errors.py` from
`gateway/composition/catalogue.py`. Each code has sets of subgraphs that raise it in `tests/conformance/composition/cases`.
"""


def page() -> str:
    """The whole page."""
    words = {path: set(constants(path)) for path in sources()}
    parts = [_HEAD]
    for title, levels in (("Errors", {"ERROR"}), ("Hints", {"WARN", "INFO", "DEBUG"})):
        entries = [entry for entry in CATALOGUE if entry.level in levels]
        parts.append(f"## {title}\n\n" + "\n".join(_table(entries, words, hints=title == "Hints")) + "\n")
    return "\n".join(parts)


def sources() -> list[Path]:
    """The modules that may raise a code."""
    found = [path for room in _ROOMS for path in sorted((ROOT / "gateway" / room).rglob("*.py"))]
    return [path for path in found if path.name != "catalogue.py"]


def constants(path: Path) -> Iterator[str]:
    """Texts in a module that look like codes, or like parts of one."""
    tree = ast.parse(path.read_text())
    exported = {
        id(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
        for name in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in exported else None
        if isinstance(text, str) and _WORDS.fullmatch(text):
            yield text


def raised_in(code: str, words: Mapping[Path, set[str]]) -> list[Path]:
    """The modules that have the code as it is, or else the longest part of it."""
    whole = [path for path, found in words.items() if code in found]
    if whole:
        return whole
    parts = {
        word for found in words.values() for word in found if code.startswith(word) or code.endswith(word)
    }
    if not parts:
        return []
    longest = max(parts, key=len)
    return [path for path, found in words.items() if longest in found]


def _table(entries: list[Entry], words: Mapping[Path, set[str]], *, hints: bool) -> Iterator[str]:
    yield "| code | " + ("level | " if hints else "") + "since | meaning | raised in |"
    yield "|---|" + ("---|" if hints else "") + "---|---|---|"
    for entry in entries:
        modules = " ".join(f"`{_module(path)}`" for path in raised_in(entry.code, words))
        told = f"{entry.says} {entry.never}".strip()
        level = f"{entry.level} | " if hints else ""
        yield f"| `{entry.code}` | {level}{entry.since} | {told} | {'' if entry.never and not modules else modules} |"


def _module(path: Path) -> str:
    return (
        str(path.relative_to(ROOT / "gateway"))
        .removesuffix(".py")
        .removesuffix("/__init__")
        .replace("/", ".")
    )


if __name__ == "__main__":
    PAGE.write_text(page())
