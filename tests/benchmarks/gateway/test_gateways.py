"""The benchmark runs without the npm gateways: ours and the floor, over the same subgraphs, answering alike."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.gateway.gateways import FLOOR, ours
from tests.benchmarks.gateway.measuring import Effort, Measured, Outcome, measure
from tests.benchmarks.gateway.processes import Started
from tests.benchmarks.gateway.report import tables
from tests.benchmarks.gateway.scenarios import SCENARIOS


@pytest.mark.slow
def test_gateways_are_measured_side_by_side_and_answer_alike() -> None:
    scenario = replace(SCENARIOS["shared"], gateways=(ours(), FLOOR), requests=60, pinned=False)
    outcome = measure(scenario, None, Effort(rounds=2))
    assert {name: one.requests for name, one in outcome.measured.items()} == {"ours": 60, "floor": 60}
    assert outcome.remarks == []
    assert all(one.cpu_ms > 0 and one.resident_mb > 10 for one in outcome.measured.values())


def test_what_was_not_measured_is_told_as_such() -> None:
    text = tables({"shared": Outcome()}, ["All npm gateways are left out: no Node"])
    title = SCENARIOS["shared"].title
    assert (
        text.splitlines()[2] == f"| {title} | CPU ms of ours beside the best rival | not measured | ≤ 0.13 |"
    )
    assert text.endswith("- All npm gateways are left out: no Node")


def test_a_mark_has_the_ratio_of_medians_and_the_range_of_the_rounds() -> None:
    mine, rival = _measured(0.2, (0.1, 0.2, 0.3)), _measured(0.5, (0.4, 0.5, 0.5))
    text = tables({"small": Outcome({"ours": mine, "Hive Gateway": rival})}, [])
    assert text.splitlines()[2] == (
        "| one small fetch | CPU ms of ours beside the best rival | 0.40 (0.25 to 0.60) | ≤ 0.5 |"
    )


def _measured(cpu_ms: float, rounds: tuple[float, ...]) -> Measured:
    return Measured(3000, cpu_ms, 1000.0, 5.0, 9.0, 80.0, 90.0, 10.0, 1.0, rounds)


def test_the_time_of_a_process_is_read_finer_than_in_ticks(tmp_path: Path) -> None:
    process = Started(["sleep", "60"], {}, tmp_path / "log", tmp_path)
    try:
        ticks = process.cpu_seconds() * os.sysconf("SC_CLK_TCK")
        assert abs(ticks - round(ticks)) > 1e-6
    finally:
        process.stop()
