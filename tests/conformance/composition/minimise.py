"""Making a set of subgraphs smaller while what it shows stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

__all__ = ["minimise"]

_Set = list[tuple[str, str, str]]
_DIRECTIVE = re.compile(r" @\w+(\([^()]*\))?")


def minimise(subgraphs: _Set, shows: Callable[[_Set], bool]) -> _Set:
    """The smallest found by leaving out subgraphs, definitions, fields and directives, one after the other."""
    current = subgraphs
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(current):
            if shows(candidate):
                current, smaller = candidate, True
                break
    return current


def _smaller(subgraphs: _Set) -> Iterator[_Set]:
    for index in range(len(subgraphs)):
        if len(subgraphs) > 1:
            yield subgraphs[:index] + subgraphs[index + 1 :]
    for index, (name, url, sdl) in enumerate(subgraphs):
        for text in _shorter(sdl):
            yield [*subgraphs[:index], (name, url, text), *subgraphs[index + 1 :]]


def _shorter(sdl: str) -> Iterator[str]:
    lines = [line for line in sdl.split("\n") if line.strip()]
    starts = [number for number, line in enumerate(lines) if not line.startswith((" ", "}"))]
    for start in starts:
        end = start + 1
        while end < len(lines) and lines[end].startswith((" ", "}")):
            end += 1
        if "@link" not in lines[start]:
            yield "\n".join(lines[:start] + lines[end:])
    for number, line in enumerate(lines):
        if line.startswith("  "):
            yield "\n".join(lines[:number] + lines[number + 1 :])
        if "@link" in line:
            continue
        for match in _DIRECTIVE.finditer(line):
            short = line[: match.start()] + line[match.end() :]
            yield "\n".join([*lines[:number], short, *lines[number + 1 :]])
