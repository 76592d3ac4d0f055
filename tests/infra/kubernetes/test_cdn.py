"""Pictures from a CDN: a component beside production's own, as an operator puts it there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from infra.settings import Settings
from tests.infra.kubernetes.manifests import FOLDER, build, named, problems
from tests.infra.kubernetes.product import SERVICES, Workload, workloads

_PRODUCTION = FOLDER / "overlays" / "production"


@pytest.fixture(params=["production", "production-ingress-nginx", "staging"])
def overlay(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The overlay with one component more."""
    beside = FOLDER / "overlays" / str(request.param)
    found = yaml.safe_load((beside / "kustomization.yaml").read_text())
    found["components"].append("../../components/cdn")
    for kind in ("resources", "components"):
        found[kind] = [
            os.path.relpath(beside / one, tmp_path) for one in found[kind] if one != "namespace.yaml"
        ]
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(found))
    return tmp_path


def _told(workload: Workload) -> Settings:
    told = {name: value for name, value in workload.environment.items() if "SECRETS" not in name}
    return Settings.from_environment(told)


def test_media_points_there_and_the_gateway_lets_the_app_show_it(overlay: Path) -> None:
    services = workloads(build(overlay))
    assert list(problems(build(overlay))) == []
    assert {name: _told(services[name]).serving.cdn_url for name in SERVICES} == dict.fromkeys(
        SERVICES, "https://cdn.example.org"
    )
    assert {name for name in SERVICES if _told(services[name]).serving.cdn_purge_url} == {"media"}


def test_media_alone_may_purge(overlay: Path) -> None:
    documents = build(overlay)
    token = "LETS_CONNECT_CDN_PURGE_TOKEN"
    assert {name for name, one in workloads(documents).items() if token in one.secrets} == {"media"}
    policies = named(documents, "NetworkPolicy")
    assert set(policies) - set(named(build(_PRODUCTION), "NetworkPolicy")) == {"media-to-cdn"}
    spec = policies["media-to-cdn"]["spec"]
    assert spec["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "media"}}
    assert [rule["ports"] for rule in spec["egress"]] == [[{"protocol": "TCP", "port": 443}]]
