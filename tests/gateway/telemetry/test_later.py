"""What is over is counted some at a time, and before anyone reads."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from gateway.telemetry.later import Later
from gateway.telemetry.metrics import GatewayMetrics
from gateway.telemetry.tracing import NOT_KEPT, OperationTrace


def test_so_many_wait_and_not_more() -> None:
    counted: list[list[int]] = []
    later = Later[int](lambda some: counted.append(list(some)))
    for number in range(70):
        later.add(number)
    assert counted == [list(range(32)), list(range(32, 64))]
    later.catch_up()
    later.catch_up()
    assert counted[2:] == [list(range(64, 70))]


def test_each_is_counted_once_whoever_reads_meanwhile() -> None:
    counted: list[int] = []

    def count(some: Sequence[int]) -> None:
        counted.extend(some)

    later = Later[int](count)
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            later.catch_up()

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(20_000):
        later.add(number)
    over.set()
    reader.join()
    later.catch_up()
    assert counted == list(range(20_000))


def test_whoever_reads_is_told_of_an_operation_that_has_just_ended() -> None:
    metrics = GatewayMetrics(CollectorRegistry())
    record = OperationTrace(NOT_KEPT.begin())
    record.prepared("query", "Hello", {})
    record.executed = record.began
    record.end("")
    metrics.ended(record)
    labels = {"operation_name": "Hello", "operation_type": "query", "outcome": "ok"}
    told = metrics.registry.get_sample_value
    assert told("graphql_operation_duration_seconds_count", labels) == 1
    assert told("graphql_operation_duration_seconds_sum", labels) == record.ended - record.executed
