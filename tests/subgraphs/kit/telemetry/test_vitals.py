"""Gauges are read when they are asked for, as long as what they tell of is open."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from subgraphs.kit.telemetry.vitals import Vital, Vitals


def test_a_gauge_is_told_while_it_is_watched() -> None:
    registry = CollectorRegistry()
    vitals = Vitals(registry)
    waiting = {"a": 1, "b": 2}
    told = [
        Vital("pool_waiting", "Who waits", {"pool": name}, lambda name=name: waiting[name])  # type: ignore[misc]
        for name in waiting
    ]
    with vitals.watched(told[0]):
        with vitals.watched(told[1]):
            waiting["b"] = 5
            assert generate_latest(registry).decode() == (
                "# HELP pool_waiting Who waits\n# TYPE pool_waiting gauge\n"
                'pool_waiting{pool="a"} 1.0\npool_waiting{pool="b"} 5.0\n'
            )
        assert b'pool="b"' not in generate_latest(registry)
    assert generate_latest(registry) == b""
