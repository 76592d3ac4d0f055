"""What gateways know alone, added up, and what is chosen of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from infra.ops.ask import Ask
from infra.ops.overview import Overview, chosen, overview_of, together
from infra.ops.waterfall import TraceLine
from infra.recent_traces import RecentTraces
from tests.infra.ops.cells import Looking, ran


def _gateway(seconds: float, *, executions: int, window: float, name: str = "Feed") -> Overview:
    looking = Looking()
    cell = looking.operations.setdefault(
        ("operation", "query", name), looking.cell("operation", "query", name)
    )
    ran(cell, *[seconds] * executions)
    looking.look(window)
    return overview_of("a", looking.recorder, RecentTraces())


def _line(id_: str, at: float, seconds: Any, name: str, **more: Any) -> TraceLine:
    return TraceLine(id=id_, name=name, at=at, seconds=seconds, **{"failed": False, "spans": 2, **more})


def test_an_operation_of_several_gateways_is_one_row_of_all_their_executions() -> None:
    feeds = [_gateway(0.01, executions=90, window=10), _gateway(0.5, executions=10, window=5)]
    seen = together([*feeds, _gateway(0.2, executions=1, window=10, name="Post")])
    assert [row.key for row in seen.operations] == ["query Feed", "query Post"]
    feed = seen.operations[0]
    assert [feed.rate, feed.p50, feed.p95] == pytest.approx([9 + 2, 0.01, 0.5], rel=0.05)
    assert seen.at == 1010.0


def test_slow_operations_of_many_names_hide_none_that_is_asked_often() -> None:
    slow = [_gateway(0.1 * 1.1**n, executions=1, window=10, name=f"Slow{n}") for n in range(40)]
    often = [_gateway(0.01, executions=5, window=10, name="Feed"), _gateway(0.02, executions=4, window=10)]
    shown = [row.name for row in together([*slow, *often]).operations]
    assert shown[:15] == [f"Slow{n}" for n in range(39, 24, -1)]
    assert (shown[-1], len(shown)) == ("Feed", 30)


def test_a_trace_through_several_gateways_is_one_line_from_its_beginning_to_its_end() -> None:
    one = msgspec.structs.replace(
        _gateway(0.1, executions=1, window=2),
        traces=[_line("1", 10.0, 0.5, "query A"), _line("2", 10, 0.6, "B")],
    )
    other = msgspec.structs.replace(one, traces=[_line("1", 10.4, 0.7, "query C", failed=True, spans=3)])
    seen = together([one, other])
    assert seen.traces == [
        _line("1", 10.0, pytest.approx(1.1), "query C", failed=True, spans=5),
        _line("2", 10.0, 0.6, "B"),
    ]
    assert chosen(Ask(), seen) == Ask(operation="query Feed", trace="1")
    assert chosen(Ask(operation="query B", trace="2"), seen) == Ask(operation="query B", trace="2")


def test_an_overview_is_read_as_it_was_written() -> None:
    told = msgspec.structs.replace(
        _gateway(0.1, executions=2, window=2), traces=[_line("1", 10.0, 0.5, "query A")]
    )
    assert msgspec.json.decode(msgspec.json.encode(told), type=Overview) == told
