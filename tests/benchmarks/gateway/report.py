"""The figures as tables: on the screen, and in docs/comparison.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.gateway.gateways import RIVALS
from tests.benchmarks.gateway.measuring import Measured, Outcome
from tests.benchmarks.gateway.scenarios import SCENARIOS, Mark

__all__ = ["tables", "write_page"]

_PAGE = Path(__file__).parents[3] / "docs" / "comparison.md"
_HEADING = "## The gateway's cost per request"
_SECTION = re.compile(rf"{re.escape(_HEADING)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_FIGURES = {
    "requests": ("requests", 0),
    "cpu_ms": ("CPU ms", 3),
    "per_second": ("requests/s", 0),
    "p50_ms": ("p50 ms", 1),
    "p99_ms": ("p99 ms", 1),
    "resident_mb": ("resident MB", 0),
    "peak_mb": ("peak MB", 0),
    "rise_mb": ("rise MB", 0),
    "growth": ("growth", 2),
}


def tables(outcomes: Mapping[str, Outcome], left_out: Sequence[str]) -> str:
    """Marks first, then every figure, with its ratio to the best rival of the same run."""
    parts = ["| scenario | | measured | mark |\n|---|---|---|---|"]
    for name, outcome in outcomes.items():
        parts += [_mark(SCENARIOS[name].title, mark, outcome) for mark in SCENARIOS[name].marks]
    heads = [head for head, _ in _FIGURES.values()]
    parts.append(f"\n| scenario | gateway | {' | '.join(heads)} |\n|---|---|{'---|' * len(heads)}")
    for name, outcome in outcomes.items():
        parts += _rows(SCENARIOS[name].title, outcome)
    remarks = [
        *left_out,
        *(f"{name}: {one}" for name, o in outcomes.items() for one in dict.fromkeys(o.remarks)),
    ]
    if remarks:
        parts.append("\n" + "\n".join(f"- {remark}" for remark in remarks))
    return "\n".join(parts)


def write_page(text: str, command: str) -> None:
    """Put the tables where the page has them, with the command that made them."""
    page = _PAGE.read_text()
    section = f"{_HEADING}\n\n{_INTRODUCTION}\n\n```sh\n{command}\n```\n\n{text}\n\n"
    if _SECTION.search(page):
        page = _SECTION.sub(lambda _: section, page)
    else:
        page = page.rstrip("\n") + "\n\n" + section
    _PAGE.write_text(page.rstrip("\n") + "\n")


_INTRODUCTION = """\
User and system time of all of a gateway's processes, divided by the requests answered; beside each figure its ratio to
that of the best npm gateway by CPU in the same run. All get the same requests from the same subgraphs on 50
connections, each gateway in turn, three rounds, medians; gateways on one core, subgraphs and load on another. Growth is
resident memory after the last round over that after the first; rise is the peak over what was resident before the
first request. Guards are a bound on each document, cross-site requests refused, metrics of operations and fetches, and a log line a
request. `floor` is a program written by hand for this one query."""


def _mark(title: str, mark: Mark, outcome: Outcome) -> str:
    mine = outcome.measured.get(mark.gateway.name)
    other = outcome.measured.get(mark.against.name) if mark.against else _best(outcome)
    beside = mark.against.name if mark.against else "the best rival"
    what = f"{_FIGURES[mark.figure][0]} of {mark.gateway.name} beside {beside}"
    if mine is None or other is None:
        return f"| {title} | {what} | not measured | ≤ {mark.most} |"
    ratio = getattr(mine, mark.figure) / getattr(other, mark.figure)
    return f"| {title} | {what} | {ratio:.2f} | ≤ {mark.most} |"


def _best(outcome: Outcome) -> Measured | None:
    rivals = [outcome.measured[r.name] for r in RIVALS if r.name in outcome.measured]
    return min(rivals, key=lambda one: one.cpu_ms, default=None)


def _rows(title: str, outcome: Outcome) -> list[str]:
    best = _best(outcome)
    return [
        f"| {title} | {name} | {' | '.join(_cells(one, best))} |" for name, one in outcome.measured.items()
    ]


def _cells(one: Measured, best: Measured | None) -> list[str]:
    cells = []
    for figure, (_, digits) in _FIGURES.items():
        value = getattr(one, figure)
        text = f"{value:,.{digits}f}"
        beside = getattr(best, figure) if best is not None else 0
        if beside > 0 and figure not in {"growth", "requests"}:
            text += f" ({value / beside:.2f})"
        cells.append(text)
    return cells
