"""What happened between two looks is told once, and remembered within bounds."""

from __future__ import annotations

import asyncio

import pytest

from infra.ops.growth import Cell, Key
from infra.ops.heat import ROWS
from infra.ops.recorder import Readings, Recorder
from infra.ops.rules import OpsRules
from subgraphs.kit.telemetry.resolver_times import ResolverCell
from tests.infra.ops.cells import Looking, ran


def test_a_frame_has_what_grew_since_the_one_before() -> None:
    looking = Looking()
    feed = looking.cell("content", "Query", "feed")
    ran(feed, 0.001, 0.001)
    looking.look()
    ran(feed, *[0.2] * 18, operations=3)
    ran(feed, 1.0, 1.0, failed=True)
    looking.look()
    looking.look()
    first, second, third = looking.recorder.frames()
    assert [len(frame.resolvers) for frame in (first, second, third)] == [1, 1, 0]
    delta = second.resolvers["content", "Query", "feed"]
    assert (delta.executions, delta.operations, delta.errors) == (20, 4, 2)
    assert delta.seconds == pytest.approx(18 * 0.2 + 2)
    assert delta.p95 == pytest.approx(1.0, rel=0.05)
    assert [count for _, count in delta.buckets()] == [18, 2]


def test_an_execution_counts_when_it_begins_and_its_duration_when_it_ends() -> None:
    looking = Looking()
    feed = looking.cell("content", "Query", "feed")
    feed.executions += 1
    looking.look()
    feed.succeeded(3.0)
    looking.look()
    begun, over = (frame.resolvers["content", "Query", "feed"] for frame in looking.recorder.frames())
    assert (begun.executions, begun.p95) == (1, None)
    assert over.executions == 0
    assert over.p95 == pytest.approx(3.0, rel=0.05)


def test_durations_lie_in_the_rows_of_their_service() -> None:
    looking = Looking()
    ran(looking.cell("content", "Query", "feed"), 0.00005, 0.3, 0.3)
    ran(looking.cell("content", "Post", "author"), 0.3)
    ran(looking.cell("user", "Query", "viewer"), 100.0)
    looking.look()
    (frame,) = looking.recorder.frames()
    expected = [0] * (len(ROWS) + 1)
    content, user = list(expected), list(expected)
    content[0], content[next(n for n, bound in enumerate(ROWS) if bound > 0.3)] = 1, 3
    user[-1] = 1
    assert {name: list(rows) for name, rows in frame.heat.items()} == {"content": content, "user": user}


def test_counters_are_told_by_what_they_grew_and_gauges_as_they_are() -> None:
    looking = Looking()
    hits = ("cache_requests_total", (("service", "user"), ("result", "hit")))
    looking.counts[hits] = 5
    looking.look()
    looking.counts[hits] = 7
    looking.gauges["outbox_pending_events", ()] = 3
    looking.look()
    assert [frame.counts for frame in looking.recorder.frames()] == [{hits: 5}, {hits: 2}]
    assert looking.recorder.gauges == {("outbox_pending_events", ()): 3}


def test_what_is_older_than_the_minutes_is_forgotten() -> None:
    looking = Looking(OpsRules(minutes=1))
    for _ in range(100):
        looking.look()
    assert len(looking.recorder.frames()) == 30


def test_with_many_busy_resolvers_memory_ends_before_the_minutes() -> None:
    looking = Looking(OpsRules(cells=100))
    cells = [looking.cell("shop", "Query", f"field{n}") for n in range(40)]
    for _ in range(10):
        for cell in cells:
            ran(cell, 0.01)
        looking.look()
    assert sum(frame.cells for frame in looking.recorder.frames()) == 80


async def test_it_looks_by_itself_and_goes_on_where_one_look_fails() -> None:
    turns = 0

    def gauges() -> dict[object, float]:
        nonlocal turns
        turns += 1
        if turns == 2:
            raise RuntimeError("a gauge that cannot be read")
        return {}

    readings = Readings(dict, dict, dict, dict, gauges)  # type: ignore[arg-type]
    async with Recorder(readings, OpsRules(seconds=0.01)).running() as recorder:
        async with asyncio.timeout(10):
            while not recorder.frames():
                await recorder.next()
        assert turns >= 3


def test_an_operation_that_was_forgotten_and_comes_back_begins_anew() -> None:
    looking, key = Looking(), ("operation", "query", "Home")
    for executions in (50, 60, 2):
        looking.operations[key] = cell = ResolverCell(lambda: 0.0)
        ran(cell, *[0.01] * executions)
        looking.look()
    looking.look()
    told = [{k: d.executions for k, d in frame.operations.items()} for frame in looking.recorder.frames()]
    assert told == [{key: 50}, {key: 60}, {key: 2}, {}]


def test_numbers_that_fell_are_taken_as_new_ones() -> None:
    looking, key = Looking(), ("operation", "query", "Home")
    cell = looking.operations[key] = ResolverCell(lambda: 0.0)
    ran(cell, *[0.01] * 50)
    looking.look()
    cell.__init__(lambda: 0.0)  # type: ignore[misc]
    ran(cell, 0.01)
    looking.look()
    assert [frame.operations[key].executions for frame in looking.recorder.frames()] == [50, 1]


def test_what_cannot_be_read_does_not_keep_the_rest_from_being_told() -> None:
    def fails() -> dict[Key, Cell]:
        raise OSError("nothing to read")

    operations: dict[Key, ResolverCell] = {("operation", "query", "Home"): ResolverCell(lambda: 0.0)}
    readings = Readings(
        resolvers=fails, operations=lambda: dict(operations), fetches=dict, counts=dict, gauges=dict
    )
    recorder = Recorder(readings, OpsRules(), lambda: 0.0)
    for cell in operations.values():
        ran(cell, 0.01)
    recorder.look()
    assert [len(frame.operations) for frame in recorder.frames()] == [1]
