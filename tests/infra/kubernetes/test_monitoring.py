"""Prometheus' settings for a cluster and for compose, read by its own tool."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.infra.kubernetes.manifests import FOLDER, build, named
from tests.infra.kubernetes.product import SERVICES

_FILES = [
    FOLDER / "components" / "monitoring" / "prometheus.yml",
    FOLDER.parent / "docker" / "prometheus.yml",
]


@pytest.mark.debian("prometheus", program="promtool")
@pytest.mark.parametrize("file", _FILES, ids=["kubernetes", "compose"])
def test_promtool_takes_it(file: Path, tmp_path: Path) -> None:
    config = yaml.safe_load(file.read_text())
    for job in config["scrape_configs"]:
        job.pop("kubernetes_sd_configs", None)  # Debian builds it without Kubernetes
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    command = ["promtool", "check", "config", "--syntax-only", str(tmp_path / "prometheus.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_grafana_has_every_dashboard_and_finds_prometheus() -> None:
    documents = build(FOLDER / "overlays" / "production")
    maps = {name.rpartition("-")[0]: d["data"] for name, d in named(documents, "ConfigMap").items()}
    boards = {file.name for file in (FOLDER.parent / "monitoring" / "grafana" / "dashboards").glob("*.json")}
    assert set(maps["grafana-dashboards"]) == boards
    assert "lets-connect-overview.json" in boards
    rules = {file.name for file in (FOLDER.parent / "monitoring" / "prometheus" / "rules").glob("*.yml")}
    assert set(maps["prometheus-rules"]) == rules
    told = {
        one["name"]: one["value"]
        for one in named(documents, "Deployment")["grafana"]["spec"]["template"]["spec"]["containers"][0][
            "env"
        ]
    }
    port = named(documents, "Service")["prometheus"]["spec"]["ports"][0]["port"]
    assert told["PROMETHEUS_URL"] == f"http://prometheus:{port}"
    assert named(documents, "PersistentVolumeClaim")["grafana"]


def test_every_prometheus_says_whose_each_target_is_as_alerts_and_dashboards_have_it() -> None:
    """By the label ``component``; ``service`` is the metrics' own, which no label of a target may hide."""
    local = FOLDER.parent / "monitoring" / "prometheus" / "prometheus.yml"
    for file in (local, _FILES[1]):
        jobs = yaml.safe_load(file.read_text())["scrape_configs"]
        targets = next(job for job in jobs if job["job_name"] == "lets-connect")["static_configs"]
        assert [target["labels"] for target in targets] == [{"component": name} for name in SERVICES]
    config = yaml.safe_load(_FILES[0].read_text())
    job = next(job for job in config["scrape_configs"] if job["job_name"] == "lets-connect")
    labels = {r["target_label"]: r["source_labels"] for r in job["relabel_configs"] if "target_label" in r}
    assert labels["component"] == ["__meta_kubernetes_pod_label_app_kubernetes_io_name"]
    named_in = "".join(file.read_text() for file in (local.parent / "rules").glob("*.yml"))
    named_in += "".join(f.read_text() for f in (FOLDER.parent / "monitoring" / "grafana").rglob("*.json"))
    grouped = {name for group in re.findall(r"by \(([a-z_, ]+)\)", named_in) for name in group.split(", ")}
    assert grouped & set(labels) <= {"component"}, "labels that only a cluster's targets have"
    assert not set(labels) & {"service", "type", "field", "subgraph", "state", "code", "outcome"}
