"""What several processes counted is told as if one had, and outlives them."""

from __future__ import annotations

import pickle
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge

from gateway.telemetry.deltas import Changes, Merged
from gateway.telemetry.exposition import encode
from gateway.telemetry.histograms import LightHistogram


class _Process:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.asked = Counter("asked_total", "Asked", ["who"], registry=self.registry)
        self.cpu = Counter("process_cpu_seconds_total", "CPU", registry=self.registry)
        self.open = Gauge("open", "Open", registry=self.registry)
        self.slow = LightHistogram("slow_seconds", "How long", ["who"], (0.1, 1.0), self.registry)
        self.changes = Changes(self.registry)

    def tell(self, merged: Merged, worker: str) -> None:
        merged.add(worker, pickle.loads(pickle.dumps(self.changes.take())))  # noqa: S301 - as a pipe does


def _value(merged: Merged, name: str, **labels: str) -> Any:
    samples = [s for metric in merged.collect() for s in metric.samples]
    return next((s.value for s in samples if (s.name, s.labels) == (name, labels)), None)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.sampled_from([0.05, 0.5, 5.0]), st.booleans())
    )
)
def test_the_sum_is_what_one_process_would_have_told(steps: list[tuple[int, str, float, bool]]) -> None:
    processes, one, merged = [_Process() for _ in range(3)], _Process(), Merged()
    for number, who, seconds, told in steps:
        for process in (processes[number], one):
            process.asked.labels(who).inc()
            process.slow.labels(who).observe(seconds, "00ff")
        if told:
            processes[number].tell(merged, str(number))
    for number, process in enumerate(processes):
        process.tell(merged, str(number))

    def counted(text: bytes) -> list[str]:
        lines = (line.partition(" # ")[0] for line in text.decode().splitlines())
        return sorted(line for line in lines if line.startswith(("asked", "slow")) and "_sum" not in line)

    assert counted(encode(merged, openmetrics=True)[0]) == counted(encode(one.registry, openmetrics=True)[0])


def test_gauges_and_the_process_itself_are_told_by_worker_and_go_with_it() -> None:
    merged = Merged()
    for worker, process in (("0", _Process()), ("1", _Process())):
        process.open.set(3)
        process.cpu.inc(2)
        process.asked.labels("a").inc()
        process.tell(merged, worker)
    assert _value(merged, "open", worker="1") == 3
    assert _value(merged, "process_cpu_seconds_total", worker="1") == 2
    merged.forget("1")
    assert (_value(merged, "open", worker="0"), _value(merged, "open", worker="1")) == (3, None)
    assert _value(merged, "asked_total", who="a") == 2
    assert _value(merged, "process_cpu_seconds_total", worker="1") == 2


def test_only_what_changed_is_sent() -> None:
    process = _Process()
    process.asked.labels("a").inc()
    process.asked.labels("b").inc()
    process.slow.labels("a").observe(0.5, "00ff")
    process.changes.take()
    process.asked.labels("b").inc(2)
    sent = {f.name: [(c.key[1], c.value) for c in f.changes] for f in process.changes.take() if f.changes}
    assert sent == {"asked": [((("who", "b"),), 2.0)], "open": [((), 0.0)]}
