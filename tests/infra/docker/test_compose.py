"""The compose file: valid by the specification's own schema, and the product as the code has it.

``compose-spec.json`` is the schema that https://github.com/compose-spec/compose-spec publishes (Apache 2.0).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from infra.cli import parser
from infra.domains import DOMAINS
from infra.mounts import keeps_pictures
from infra.settings import Settings
from infra.subgraphs import needed_by
from tests.infra.kubernetes.manifests import FOLDER

_DOCKER = FOLDER.parent / "docker"
_SPEC = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
_COMPOSE: Any = yaml.safe_load((_DOCKER / "compose.yaml").read_text())
_SERVICES = _COMPOSE["services"]


def test_it_is_valid_by_the_specification() -> None:
    jsonschema.Draft7Validator(_SPEC).validate(_COMPOSE)
    assert [
        e.message for e in jsonschema.Draft7Validator(_SPEC).iter_errors({"services": {"a": {"imag": 1}}})
    ]


def test_each_service_runs_a_command_on_its_port_with_files_that_are_there() -> None:
    ports = {"gateway": 8000, **{name: 8001 + n for n, name in enumerate(DOMAINS)}}
    for name, port in ports.items():
        command = _SERVICES[name]["command"]
        options = parser(command).parse_args(command)
        assert (options.host, options.port) == ("0.0.0.0", port)  # noqa: S104 - a container's own
    for service in _SERVICES.values():
        for file in service.get("env_file", ()):
            assert (_DOCKER / file).is_file()
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert (_DOCKER / source).exists() if source.startswith(".") else source in _COMPOSE["volumes"]
    assert parser(["seed"]).parse_args(_SERVICES["migrate"]["command"]).command == "seed"


def _told(name: str) -> Settings:
    service = _SERVICES[name]
    environment: dict[str, str] = {}
    for file in service["env_file"]:
        lines = (_DOCKER / file).read_text().splitlines()
        environment |= dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    environment |= service.get("environment") or _COMPOSE["x-service"]["environment"]
    return Settings.from_environment(environment | {"LETS_CONNECT_ENV": "production"})


def test_each_service_is_told_what_it_needs_and_the_gateway_keeps_pictures() -> None:
    for name in DOMAINS:
        _told(name).require(*needed_by(name))
    gateway = _told("gateway")
    gateway.require("SUPERGRAPH", "IDENTITY_KEY", "TOKEN_JWKS_URL")
    assert keeps_pictures(gateway)
    assert gateway.redis_url == _told("media").redis_url
    assert "redis" in _SERVICES["gateway"]["depends_on"]


def test_prometheus_scrapes_all_eight() -> None:
    config = yaml.safe_load((_DOCKER / "prometheus.yml").read_text())
    found = {s["labels"]["component"]: s["targets"] for s in config["scrape_configs"][0]["static_configs"]}
    assert found == {"gateway": ["gateway:9090"]} | {n: [f"{n}:{8001 + i}"] for i, n in enumerate(DOMAINS)}


def test_every_image_that_is_not_ours_is_pinned_and_the_same_everywhere() -> None:
    component: Any = yaml.safe_load((FOLDER / "components" / "images" / "kustomization.yaml").read_text())
    pinned = {
        f"{image['newName']}{':' + image['newTag'] if 'newTag' in image else ''}@{image['digest']}"
        for image in component["images"]
        if "digest" in image
    }
    used = {service["image"] for service in _SERVICES.values() if "build" not in service}
    assert {image for image in used if not image.startswith("lets-connect")} == pinned
    bases = [
        re.findall(r"^FROM (\S+)", (_DOCKER / name).read_text(), re.MULTILINE)
        for name in ("Dockerfile", "web.Dockerfile")
    ]
    foreign = [base for one in bases for base in one if base != "${LETS_CONNECT}"]
    assert [base for base in foreign if not re.search(r"@sha256:[0-9a-f]{64}$", base)] == []
