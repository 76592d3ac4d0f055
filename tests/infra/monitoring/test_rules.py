"""Alerts fire when they should and say what to do; what configures Prometheus and Alertmanager is taken by them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

_ROOT = Path(__file__).resolve().parents[3]
_MONITORING = _ROOT / "infra" / "monitoring"
_RULES = sorted((_MONITORING / "prometheus" / "rules").glob("*.yml"))
_TESTS = sorted((_MONITORING / "prometheus" / "tests").glob("*.yml"))


def _rules(kind: str) -> list[dict[str, Any]]:
    files = [yaml.safe_load(path.read_text()) for path in _RULES]
    return [rule for file in files for group in file["groups"] for rule in group["rules"] if kind in rule]


def test_each_alert_says_how_bad_it_is_what_it_is_and_what_to_do() -> None:
    for alert in _rules("alert"):
        assert alert["labels"]["severity"] in {"critical", "warning", "none"}, alert
        assert set(alert["annotations"]) == {"summary", "description", "runbook_url"}, alert
        assert all(alert["annotations"].values()), alert


def test_each_alert_has_a_runbook_and_each_runbook_an_alert() -> None:
    linked = {(a["alert"], a["annotations"]["runbook_url"].rpartition("/")[2]) for a in _rules("alert")}
    assert all(page == f"{name}.md" for name, page in linked)
    pages = {path.name for path in (_ROOT / "docs" / "runbooks").glob("*.md")} - {"README.md"}
    assert pages == {page for _, page in linked}


def test_each_alert_fires_in_a_test() -> None:
    fired = {
        (asked["alertname"], *sorted(expected["exp_labels"].items()))
        for path in _TESTS
        for test in yaml.safe_load(path.read_text())["tests"]
        for asked in test.get("alert_rule_test", ())
        for expected in asked["exp_alerts"]
    }
    for alert in _rules("alert"):
        labels = set(alert["labels"].items())
        assert any(name == alert["alert"] and labels <= set(rest) for name, *rest in fired), alert["alert"]


@pytest.mark.debian("prometheus", program="promtool")
def test_the_rules_hold_in_their_tests() -> None:
    told = subprocess.run(["promtool", "test", "rules", *map(str, _TESTS)], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.debian("prometheus", program="promtool")
def test_prometheus_takes_its_configuration() -> None:
    file = _MONITORING / "prometheus" / "prometheus.yml"
    told = subprocess.run(["promtool", "check", "config", str(file)], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.debian("prometheus-alertmanager", program="amtool")
def test_alertmanager_takes_its_configuration() -> None:
    file = _MONITORING / "alertmanager" / "alertmanager.yml"
    told = subprocess.run(["amtool", "check-config", str(file)], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.debian("prometheus-alertmanager", program="amtool")
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=Watchdog", "severity=none"], "heartbeat"),
        (["alertname=DatabaseDown", "severity=critical"], "on-call"),
        (["alertname=OutboxStuck", "severity=warning"], "team"),
    ],
)
def test_an_alert_reaches_whom_it_is_for(labels: list[str], receiver: str) -> None:
    file = _MONITORING / "alertmanager" / "alertmanager.yml"
    command = ["amtool", "config", "routes", "test", f"--config.file={file}", *labels]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.stdout.strip() == receiver, told.stderr


def test_all_eight_services_are_scraped() -> None:
    config = yaml.safe_load((_MONITORING / "prometheus" / "prometheus.yml").read_text())
    targets = [t for job in config["scrape_configs"] for t in job["static_configs"]]
    names = ["gateway", "user", "content", "messaging", "collaboration", "media", "shop", "ai"]
    assert [t["labels"]["component"] for t in targets] == names
    assert [t["targets"] for t in targets] == [[f"127.0.0.1:{8000 + n}"] for n in range(8)]


def test_the_collectors_pipelines_name_what_is_there() -> None:
    config = yaml.safe_load((_MONITORING / "otel-collector" / "config.yaml").read_text())
    for pipeline in config["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) <= set(config[kind])
    assert set(config["service"]["extensions"]) <= set(config["extensions"])
    assert config["service"]["pipelines"]["traces"]["processors"][0] == "memory_limiter"


def test_grafana_is_provisioned_with_what_dashboards_ask_for() -> None:
    provisioning = _MONITORING / "grafana" / "provisioning"
    sources = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())["datasources"]
    assert {s["uid"]: s["type"] for s in sources} == {"prometheus": "prometheus", "tempo": "tempo"}
    exemplars = sources[0]["jsonData"]["exemplarTraceIdDestinations"]
    assert exemplars == [{"name": "trace_id", "datasourceUid": "tempo"}]
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "lets-connect.yaml").read_text())["providers"]
    assert (provider["type"], provider["options"]) == ("file", {"path": "/var/lib/grafana/dashboards"})
