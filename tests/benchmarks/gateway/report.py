"""The figures as tables: on the screen, and in docs/comparison.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.benchmarks.gateway.gateways import RIVALS, Gateway
from tests.benchmarks.gateway.measuring import Measured, Outcome
from tests.benchmarks.gateway.scenarios import SCENARIOS, Mark
from tests.benchmarks.page import write_section

__all__ = ["tables", "write_page"]

_HEADING = "The gateway's cost per request"
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
    write_section(_HEADING, _INTRODUCTION, command, text)


_INTRODUCTION = """\
User and system time of all of a gateway's processes, divided by the requests answered; beside each figure its ratio to
that of the best npm gateway by CPU in the same run. All get the same requests from the same subgraphs on 50
connections, each gateway in turn, five rounds, medians; a range is that of the rounds' own ratios. Gateways have one
core, subgraphs and load another. A round ends after six seconds, so that slow gateways answer fewer requests (of the
50,000 too, in 90 seconds). Growth is resident memory after the last round over that after the first; rise is the peak
over what was resident before the first request. Guards are bounds on each document and caller, cross-site requests
refused, an access token verified, metrics of requests, operations and fetches, traces (1 % kept and exported), and a
log line a request; the npm gateways run with what they do by default. `floor` is a program written by hand for this one
query."""


def _mark(title: str, mark: Mark, outcome: Outcome) -> str:
    mine = outcome.measured.get(mark.gateway.name)
    what = f"{_FIGURES[mark.figure][0]} of {mark.gateway.name}"
    if mark.against == "nothing":
        figure = "not measured" if mine is None else f"{getattr(mine, mark.figure):.2f}"
        return f"| {title} | {what} | {figure} | ≤ {mark.most} |"
    other = _beside(mark, outcome)
    name = mark.against.name if isinstance(mark.against, Gateway) else f"the {mark.against} rival"
    if mine is None or other is None:
        return f"| {title} | {what} beside {name} | not measured | ≤ {mark.most} |"
    ratio = f"{getattr(mine, mark.figure) / getattr(other, mark.figure):.2f}"
    if mark.figure == "cpu_ms":
        ratio += _spread(mine, other)
    return f"| {title} | {what} beside {name} | {ratio} | ≤ {mark.most} |"


def _spread(mine: Measured, other: Measured) -> str:
    ratios = sorted(one / another for one, another in zip(mine.cpu_rounds, other.cpu_rounds, strict=True))
    return f" ({ratios[0]:.2f} to {ratios[-1]:.2f})" if len(ratios) > 1 else ""


def _beside(mark: Mark, outcome: Outcome) -> Measured | None:
    if isinstance(mark.against, Gateway):
        return outcome.measured.get(mark.against.name)
    if mark.against == "best":
        return _best(outcome)
    return min(_rivals(outcome), key=lambda one: float(getattr(one, mark.figure)), default=None)


def _rivals(outcome: Outcome) -> list[Measured]:
    return [outcome.measured[r.name] for r in RIVALS if r.name in outcome.measured]


def _best(outcome: Outcome) -> Measured | None:
    return min(_rivals(outcome), key=lambda one: one.cpu_ms, default=None)


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
