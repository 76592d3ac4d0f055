"""Labels are bounded, whatever clients and subgraphs send."""

from __future__ import annotations

import tracemalloc

import pytest
from prometheus_client import CollectorRegistry

from gateway.telemetry.exposition import encode
from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.metrics import GatewayMetrics, gravest
from gateway.telemetry.tracing import NOT_KEPT, OperationTrace


def _operations(metrics: GatewayMetrics, first: int, last: int) -> None:
    for number in range(first, last):
        name = metrics.operation_label(f"Operation{number}")
        metrics.operation_duration.labels(name, "query", "ok").observe(0.01)


def test_ten_thousand_names_take_the_room_of_five_hundred() -> None:
    metrics = GatewayMetrics(CollectorRegistry())
    _operations(metrics, 0, 600)
    told = len(encode(metrics.registry)[0])
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        _operations(metrics, 600, 10_000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 10_000
    assert len(encode(metrics.registry)[0]) < told + 100
    other = {"operation_name": "other", "operation_type": "query", "outcome": "ok"}
    count = metrics.registry.get_sample_value("graphql_operation_duration_seconds_count", other)
    assert count == 9_500


@pytest.mark.parametrize("code", ["", "x" * 65, "a b", 'a"} 1\nevil 2', "Ω", "a\n"])
def test_what_is_no_code_is_no_label(code: str) -> None:
    assert GatewayMetrics(CollectorRegistry()).code_label(code) == "other"


def test_codes_are_so_many() -> None:
    metrics = GatewayMetrics(CollectorRegistry())
    labels = {metrics.code_label(f"CODE_{number}") for number in range(1000)}
    assert len(labels) == 201
    assert metrics.code_label("CODE_0") == "CODE_0"


def test_a_fetch_that_several_operations_share_is_counted_once() -> None:
    metrics = GatewayMetrics(CollectorRegistry())
    fetch = FetchEnded("books", 1.0, 1.5, "success", 0)
    began, joining = (OperationTrace(NOT_KEPT.begin()) for _ in range(2))
    began.fetch_ended(fetch)
    joining.fetches_joined([fetch])
    for record in (began, joining):
        metrics.fetched(record)
    told = metrics.registry.get_sample_value
    labels = {"subgraph": "books", "outcome": "success"}
    assert told("gateway_fetch_duration_seconds_count", labels) == 1
    assert told("gateway_operations_joined_total") == 1


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], ""),
        (["NOT_FOUND", "BAD_USER_INPUT"], "NOT_FOUND"),
        (["NOT_FOUND", "SUBREQUEST_TIMEOUT", "INTERNAL_SERVER_ERROR"], "SUBREQUEST_TIMEOUT"),
    ],
)
def test_an_operation_failed_for_what_is_ours_rather_than_for_what_is_its_callers(
    codes: list[str], expected: str
) -> None:
    assert gravest(codes) == expected


def test_what_is_counted_together_is_counted_before_anyone_reads() -> None:
    metrics = GatewayMetrics(CollectorRegistry())
    for result in ("hit", "miss", "hit"):
        metrics.plan_cache.add(result)
    metrics.joined.add()
    metrics.request_finished("reviews", "200", 0.25)
    metrics.request_finished("reviews", "200", 0.5)
    value = metrics.registry.get_sample_value
    assert value("gateway_plan_cache_requests_total", {"result": "hit"}) == 2
    assert value("gateway_plan_cache_requests_total", {"result": "miss"}) == 1
    assert value("gateway_operations_joined_total") == 1
    request = {"http_request_method": "POST", "server_address": "reviews", "http_response_status_code": "200"}
    assert value("http_client_request_duration_seconds_count", request) == 2
    assert value("http_client_request_duration_seconds_sum", request) == 0.75
