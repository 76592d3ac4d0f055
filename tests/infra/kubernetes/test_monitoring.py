"""Prometheus' settings for a cluster and for compose, read by its own tool."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.infra.kubernetes.manifests import FOLDER, build, named

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
