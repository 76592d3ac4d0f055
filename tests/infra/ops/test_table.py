"""Rows of resolvers: ordered by what is asked, a page at a time, of thousands within bounds."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest

from infra.ops.ask import COLUMNS, Ask, Part, Sort
from infra.ops.part import part_of
from infra.ops.rules import OpsRules
from infra.ops.table import merged_rows
from infra.recent_traces import RecentTraces
from tests.infra.ops.cells import Looking, ran


def _part(looking: Looking, **asked: Any) -> Part:
    return part_of(looking.recorder, RecentTraces(), Ask(**asked))


def _names(part: Part) -> list[str]:
    return [row.field for row in part.rows]


@pytest.fixture
def looking() -> Looking:
    made = Looking()
    ran(made.cell("content", "Query", "feed"), *[0.01] * 99, 2.0)
    ran(made.cell("content", "Post", "author"), *[0.02] * 40, operations=2)
    ran(made.cell("user", "Query", "viewer"), *[0.001] * 10, failed=True)
    made.look()
    return made


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["author", "feed", "viewer"]),
        ({"reverse": True}, ["viewer", "feed", "author"]),
        ({"sort": Sort.P99}, ["author", "feed", "viewer"]),
        ({"sort": Sort.RATE}, ["feed", "author", "viewer"]),
        ({"sort": Sort.ERRORS}, ["viewer", "feed", "author"]),
        ({"sort": Sort.PER_OPERATION}, ["feed", "author", "viewer"]),
        ({"sort": Sort.LOAD}, ["feed", "author", "viewer"]),
        ({"sort": Sort.NAME}, ["author", "feed", "viewer"]),
        ({"search": "POST.a"}, ["author"]),
        ({"service": "user"}, ["viewer"]),
        ({"first": 1}, ["author"]),
    ],
)
def test_rows_come_as_they_are_asked_for(
    looking: Looking, asked: dict[str, Any], expected: list[str]
) -> None:
    assert _names(_part(looking, **asked)) == expected


def test_a_row_tells_the_last_minute_and_the_line_the_last_ten(looking: Looking) -> None:
    for _ in range(40):
        looking.look()
    ran(looking.cell("content", "Query", "feed"), *[0.05] * 30, operations=10)
    ran(looking.cell("content", "Query", "feed"), *[0.05] * 10, failed=True, operations=10)
    looking.look()
    part = _part(looking)
    (row,) = merged_rows([part], Ask())
    assert (row.service, row.type_name, row.field, part.total) == ("content", "Query", "feed", 1)
    assert (part.window_seconds, part.history_seconds) == (60.0, 84.0)
    assert (row.rate, row.per_operation, row.errors) == (40 / 60, 2.0, 0.25)
    assert row.load == pytest.approx(40 * 0.05 / 60)
    assert [row.p50, row.p95, row.p99] == pytest.approx([0.05] * 3, rel=0.05)
    line: Any = row.line
    assert len(line) == COLUMNS
    drawn = [seconds for seconds in line if seconds is not None]
    assert drawn == pytest.approx([0.01, 0.05], rel=0.05)
    assert line[-1] is not None


def test_the_quantiles_are_within_five_percent_of_what_was_observed() -> None:
    looking, random = Looking(), Random(5)  # noqa: S311
    seconds = [random.lognormvariate(-6, 1.5) for _ in range(3000)]
    for n in range(3):
        ran(looking.cell("shop", "Query", "products"), *seconds[n * 1000 : n * 1000 + 1000])
        looking.look()
    (row,) = merged_rows([_part(looking)], Ask())
    ordered = sorted(seconds)
    assert [row.p50, row.p95, row.p99] == pytest.approx(
        [ordered[round(share * 3000) - 1] for share in (0.5, 0.95, 0.99)], rel=0.05
    )


def test_the_grid_is_of_all_of_a_service_or_of_one_resolver(looking: Looking) -> None:
    def counted(**asked: Any) -> int:
        return sum(sum(rows) for rows in _part(looking, **asked).heat.values())

    assert counted() == 150
    assert counted(service="content") == 140
    assert counted(resolver="content.Query.feed") == 100
    assert counted(resolver="nothing.at.all") == 0


def test_what_an_alert_is_about_is_named_whatever_the_order() -> None:
    looking = Looking()
    ran(looking.cell("shop", "Query", "slow"), *[1.5] * 10)
    ran(looking.cell("shop", "Query", "rare"), 9.0)
    looking.look(20)
    assert _part(looking, sort=Sort.NAME, first=0).slow == ["shop: Query.slow"]


def test_pages_of_several_processes_are_as_of_one(looking: Looking) -> None:
    other = Looking()
    for n in range(10):
        ran(other.cell("shop", "Query", f"field{n}"), 0.005 * (n + 1))
    other.look()
    seen = []
    for offset in range(0, 15, 5):
        ask = Ask(first=5, offset=offset)
        parts = [part_of(one.recorder, RecentTraces(), ask) for one in (looking, other)]
        sent = [msgspec.json.decode(msgspec.json.encode(part), type=Part) for part in parts]
        seen += [row.field for row in merged_rows(sent, ask)]
    times = {f"field{n}": 0.005 * (n + 1) for n in range(10)} | {
        "feed": 0.01,
        "author": 0.02,
        "viewer": 0.001,
    }
    assert len(seen) == 13
    assert [times[name] for name in seen] == sorted(times.values(), reverse=True)


def test_five_thousand_busy_resolvers_cost_a_page_no_more_than_fifty() -> None:
    looking = Looking(OpsRules(cells=10_000))
    for n in range(5000):
        looking.cell("shop", f"Type{n // 50}", f"field{n}")
    for _ in range(3):
        for n, cell in enumerate(looking.cells.values()):
            ran(cell, 0.001 * (n % 100 + 1))
        looking.look()
    part = _part(looking)
    assert (part.total, len(part.rows), len(looking.recorder.frames())) == (5000, 50, 2)
    assert len(msgspec.json.encode(part)) < 30_000
    (last,) = _part(looking, search="field4999").rows
    assert last.type_name == "Type99"
