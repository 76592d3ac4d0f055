"""Dashboards are what their module says, keep the linter's rules, and ask what Prometheus understands."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.monitoring.__main__ import FOLDER, text
from infra.monitoring.boards import BOARDS
from tests.infra.monitoring.linting import RULES, broken, expressions, metrics_of

_UIDS = [board.uid for board in BOARDS]


def _load(uid: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{uid}.json").read_text())
    return loaded


def test_each_has_its_file_and_each_file_is_one_of_them() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(_UIDS)
    assert "lets-connect-overview" in _UIDS


@pytest.mark.parametrize("uid", _UIDS)
def test_the_file_is_as_its_module_says(uid: str) -> None:
    assert (FOLDER / f"{uid}.json").read_text() == text(uid)


@pytest.mark.parametrize("uid", _UIDS)
def test_the_linters_rules_hold(uid: str) -> None:
    assert broken(_load(uid)) == []


@pytest.mark.parametrize("uid", _UIDS)
def test_panels_do_not_lie_on_each_other(uid: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in _load(uid)["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


_Change = Callable[[dict[str, Any]], object]
_FLAWS: dict[str, _Change] = {
    "template-datasource-rule": lambda d: d["templating"]["list"].pop(0),
    "template-job-rule": lambda d: d["templating"]["list"][1].update(allValue=".*"),
    "template-instance-rule": lambda d: d["templating"]["list"][2].update(multi=False),
    "template-label-promql-rule": lambda d: d["templating"]["list"][1].update(query="up"),
    "template-on-time-change-reload-rule": lambda d: d["templating"]["list"][1].update(refresh=1),
    "panel-datasource-rule": lambda d: d["panels"][0].update(
        datasource={"uid": "mine", "type": "prometheus"}
    ),
    "panel-title-description-rule": lambda d: d["panels"][0].update(description=""),
    "panel-units-rule": lambda d: d["panels"][0]["fieldConfig"]["defaults"].pop("unit"),
    "panel-no-targets-rule": lambda d: d["panels"][0].update(targets=[]),
    "target-logql-rule": lambda d: d["panels"][0].update(type="logs"),
    "target-logql-auto-rule": lambda d: d["panels"][0].update(type="logs"),
    "target-promql-rule": lambda d: d["panels"][0]["targets"][0].update(expr="sum(up"),
    "target-rate-interval-rule": lambda d: d["panels"][0]["targets"][0].update(expr="rate(x[5m])"),
    "target-job-rule": lambda d: d["panels"][0]["targets"][0].update(expr='up{instance=~"$instance"}'),
    "target-instance-rule": lambda d: d["panels"][0]["targets"][0].update(expr='up{job=~"$job"}'),
    "target-counter-agg-rule": lambda d: d["panels"][0]["targets"][0].update(
        expr='sum(x_total{job=~"$job",instance=~"$instance"})'
    ),
    "uneditable-dashboard-rule": lambda d: d.update(editable=True),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_linter_sees_what_breaks_its_rule(rule: str) -> None:
    flawed = copy.deepcopy(_load("lets-connect-overview"))
    _FLAWS[rule](flawed)
    assert any(problem.startswith(f"{rule}: ") for problem in broken(flawed))


def test_the_metrics_of_an_expression_are_found_whatever_their_names() -> None:
    expression = (
        'sum by (a, b) (rate(x_total{c=~"d|e{}f"}[5m])) / on (job) group_left y > 1.5e9 and bool_ == +Inf'
    )
    assert metrics_of(expression) == {"x_total", "y", "bool_"}
    assert metrics_of("absent(up == 1) or vector(1) unless m:n:o offset 5m") == {"up", "m:n:o"}


@pytest.mark.debian("prometheus", program="promtool")
def test_prometheus_understands_each_expression(tmp_path: Path) -> None:
    rules = [
        {"record": f"x{number}", "expr": expression.replace("$__rate_interval", "5m")}
        for number, expression in enumerate(e for uid in _UIDS for e in expressions(_load(uid)))
    ]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}))
    told = subprocess.run(["promtool", "check", "rules", str(file)], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert f"{len(rules)} rules found" in told.stdout
