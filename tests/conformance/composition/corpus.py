"""The sets of subgraphs under ``cases/``: a readable text for each topic.

    == what the set shows                     a set; unique in its file
    errors: KEY_INVALID_FIELDS                the codes it fails with; an empty list where it composes
    hints: UNUSED_ENUM_TYPE                   the hints' codes where it composes
    note: why we are not of one mind          only where we differ from the oracle, with our own codes above
    -- one 2.3                                a subgraph of that federation version, all its directives imported
    -- two fed1                               one of federation 1, without a link
    -- three raw                              a text as it is

A version that is not given is 2.9. Lines that start with # are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["CASES", "Case", "load", "write"]

CASES = Path(__file__).parent / "cases"
_SINCE = {
    0: "key requires provides external extends shareable override tag inaccessible",
    1: "composeDirective",
    3: "interfaceObject",
    5: "authenticated requiresScopes",
    6: "policy",
    8: "context fromContext",
    9: "cost listSize",
    12: "cacheTag",
}
_DEFAULT = "2.9"


@dataclass(frozen=True, slots=True)
class Case:
    """One set. ``errors`` and ``hints`` are None where nothing is recorded yet."""

    file: str
    title: str
    parts: tuple[tuple[str, str, str], ...]
    """Name, how it is written (a version, fed1 or raw), and text of each subgraph."""
    errors: tuple[str, ...] | None = None
    hints: tuple[str, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """Unique among all cases."""
        return f"{self.file}: {self.title}"

    @property
    def subgraphs(self) -> list[tuple[str, str, str]]:
        """Name, URL and SDL of each."""
        return [(name, f"http://{name}", _linked(kind, text)) for name, kind, text in self.parts]


def load() -> list[Case]:
    """Every case of every file."""
    found = [case for file in sorted(CASES.glob("*.txt")) for case in _file(file)]
    names = [case.name for case in found]
    assert len(names) == len(set(names)), sorted({n for n in names if names.count(n) > 1})
    return found


def write(cases: list[Case]) -> None:
    """Write files anew, each with its cases; the comment at a file's head stays."""
    for file in {case.file for case in cases}:
        path = CASES / f"{file}.txt"
        head = path.read_text().split("== ", 1)[0] if path.exists() else ""
        texts = [_text(case) for case in cases if case.file == file]
        path.write_text(head + "\n".join(texts))


def _text(case: Case) -> str:
    lines = [f"== {case.title}"]
    if case.errors is not None:
        lines.append(f"errors: {', '.join(case.errors)}".rstrip())
    if case.errors == () and case.hints:
        lines.append(f"hints: {', '.join(case.hints)}")
    if case.note:
        lines.append(f"note: {case.note}")
    for name, kind, text in case.parts:
        lines.append(f"-- {name}" + ("" if kind == _DEFAULT else f" {kind}"))
        lines.append(text.strip("\n"))
    return "\n".join(lines) + "\n"


def _file(path: Path) -> Iterator[Case]:
    for block in ("\n" + path.read_text()).split("\n== ")[1:]:
        yield _case(path.stem, block)


def _case(file: str, block: str) -> Case:
    head, *rest = re.split(r"^-- ", block, flags=re.MULTILINE)
    title, *lines = head.strip().split("\n")
    case = Case(file, title.strip(), tuple(_part(part) for part in rest))
    for line in lines:
        key, _, value = line.partition(":")
        codes = tuple(code.strip() for code in value.split(",") if code.strip())
        if key == "errors":
            case = replace(case, errors=codes)
        elif key == "hints":
            case = replace(case, hints=codes)
        elif key == "note":
            case = replace(case, note=value.strip())
        elif not line.startswith("#"):
            raise ValueError(f"{file}: {title}: what is {line!r}?")
    return case


def _part(part: str) -> tuple[str, str, str]:
    head, _, text = part.partition("\n")
    name, *kind = head.split()
    return name, kind[0] if kind else _DEFAULT, text.rstrip("\n")


def _linked(kind: str, text: str) -> str:
    if kind in {"raw", "fed1"}:
        return text
    minor = int(kind.split(".")[1])
    names = [f'"@{n}"' for since, all_ in _SINCE.items() if since <= minor for n in all_.split()]
    return f'extend schema @link(url: "https://specs.apollo.dev/federation/v{kind}", import: [{", ".join(names)}])\n{text}'
