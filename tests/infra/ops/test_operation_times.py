"""The gateway tells how long operations took; the slowest is drawn on its plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.edge.app import GatewayApp
from gateway.telemetry.federated import FederatedFetch
from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.tracing import FederatedOperation, OperationTrace, Tracing
from gateway.telemetry.tracing.tracing import SpanSink
from infra.ops.operation_times import OperationTimes, Slowest
from infra.ops.plan_graph import plan_graph
from tests.gateway.edge.graph import Subgraph, client, parts


class _Nowhere(SpanSink):
    def take(self, *_: object) -> None:
        """Nothing is kept."""


async def _asked(times: OperationTimes, *queries: str) -> None:
    given = replace(parts(Subgraph()), tracing=Tracing(_Nowhere()), ended=times.ended)
    async with client(GatewayApp(given)) as asking:
        for query in queries:
            await asking.post("/graphql", json={"query": query})


def _found(times: OperationTimes, *key: str) -> Slowest:
    found = times.slowest(("operation", key[0], key[1]))
    assert found is not None
    return found


async def test_operations_are_told_by_name_with_their_failures() -> None:
    times = OperationTimes(600)
    hello = "query Hello { hello }"  # compiled from the second time on
    await _asked(times, hello, hello, hello, "{ fails thing { id } }", "mutation { set(value: 1) }", "{ no }")
    told = {key[1:]: (cell.executions, sum(cell.error.counts)) for key, cell in times.operations().items()}
    assert told == {
        ("query", "Hello"): (3, 0),
        ("query", "{ fails thing }"): (1, 1),
        ("mutation", "{ set }"): (1, 0),
    }
    assert {key[1]: cell.executions for key, cell in times.fetches().items()} == {"one": 5}


async def test_fetches_that_an_equal_operation_made_are_not_counted_again() -> None:
    times, tracing = OperationTimes(600), Tracing(_Nowhere())
    engine = parts(Subgraph()).engine()
    prepared = await engine.preparation.prepare("query Hello { hello }", None)
    fetch = FetchEnded("one", 0.0, 0.1, "success", 0)
    for joins in (False, True, True):
        record = OperationTrace(tracing.begin(served=False))
        if joins:
            record.fetches_joined([fetch])
        else:
            record.fetch_ended(fetch)
        record.end("")
        times.ended(prepared, record)
    assert {key[1]: cell.executions for key, cell in times.fetches().items()} == {"one": 1}


@pytest.mark.parametrize("times_asked", [1, 3])
async def test_the_slowest_has_its_fetch_on_its_plan(times_asked: int) -> None:
    times = OperationTimes(600)
    await _asked(times, *["query Hello { hello }"] * times_asked)
    slowest = _found(times, "query", "Hello")
    (step,) = plan_graph(slowest.plan, slowest.fetches, slowest.began)
    assert (step.subgraph, step.requests, step.outcome) == ("one", 1, "success")
    assert step.began is not None
    assert step.seconds is not None
    assert 0 <= step.began <= step.began + step.seconds <= slowest.seconds


async def test_a_slowest_that_is_old_gives_way_to_a_faster_one() -> None:
    now = 0.0
    times = OperationTimes(600, lambda: now)
    await _asked(times, "query Hello { hello }")
    assert _found(times, "query", "Hello").at == 0.0
    now = 601.0
    await _asked(times, "query Hello { hello }")
    assert _found(times, "query", "Hello").at == 601.0


async def test_names_are_forgotten_when_there_are_many() -> None:
    times = OperationTimes(600, most=3)
    await _asked(times, *(f"query Q{n} {{ hello }}" for n in (1, 2, 3, 1, 4)))
    assert [key[2] for key in times.operations()] == ["Q3", "Q1", "Q4"]
    assert times.slowest(("operation", "query", "Q2")) is None


async def test_who_makes_up_names_pushes_out_neither_known_ones_nor_those_in_use() -> None:
    times = OperationTimes(600, most=30, known=["Known"])
    await _asked(times, "query Known { hello }", *["query Used { hello }"] * 3)
    await _asked(times, *(f"query Made{n} {{ hello }}" for n in range(100)))
    names = [key[2] for key in times.operations()]
    assert names[:2] == ["Known", "Used"]
    assert (len(names) <= 30, names[-1]) == (True, "Made99")
    assert [_found(times, "query", name).failed for name in names[:2]] == [False, False]


async def test_what_was_in_use_long_ago_gives_its_place_to_what_is_now() -> None:
    now = 0.0
    times = OperationTimes(600, lambda: now, most=3)
    await _asked(times, *["query Old { hello }"] * 9)
    now = 601.0
    await _asked(times, *["query New { hello }"] * 2)
    now = 1202.0
    await _asked(times, *["query New { hello }"] * 2)
    await _asked(times, *(f"query Made{n} {{ hello }}" for n in range(3)))
    assert [key[2] for key in times.operations()] == ["New", "Made1", "Made2"]


async def test_of_known_names_too_only_so_many_are_kept() -> None:
    names = [f"Known{n}" for n in range(9)]
    times = OperationTimes(600, most=3, known=names)
    await _asked(times, *(f"query {name} {{ hello }}" for name in [*names, "Made", names[0]]))
    assert [key[2] for key in times.operations()] == ["Known7", "Known8", "Known0"]


async def test_the_last_federated_trace_of_an_operation_is_kept_within_bounds() -> None:
    times, tracing = OperationTimes(600), Tracing(_Nowhere())
    engine = parts(Subgraph()).engine()
    for name, size in (("First", 3), ("Second", 1), ("First", 1), ("Third", 3)):
        prepared = await engine.preparation.prepare(f"query {name} {{ hello }}", None)
        record = FederatedOperation(tracing.begin(served=False), asked=False)
        assert record.federated is not None
        record.federated.append(FederatedFetch("one", "{ hello }", 0.0, 0.1, b"." * size * 1024 * 1024))
        record.end("")
        times.ended(prepared, record)
    kept = {name: len(times.traces(("operation", "query", name))) for name in ("First", "Second", "Third")}
    assert kept == {"First": 1, "Second": 0, "Third": 1}
