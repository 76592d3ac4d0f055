"""Operations known beforehand are prepared: by the gateway, and by the subgraphs it asks."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from gateway.edge.engine import Engine
from gateway.supergraph import Supergraph, load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from infra.errors import CommandError
from infra.operations import asked_of_subgraphs, expect_operations, known_operations
from infra.product import compose_domains
from infra.settings import Settings
from infra.subgraphs import load_domains
from subgraphs.kit.execution import warm

SETTINGS = Settings.from_environment({"LETS_CONNECT_GATEWAY_WARM_SECONDS": "600"})
"""All are prepared, however busy the machine is."""


@lru_cache(maxsize=1)
def _supergraph() -> Supergraph:
    return load_supergraph(compose_domains(load_domains(), {}))


def _manifest(path: Path, *bodies: str) -> Settings:
    path.write_text(json.dumps({"version": 1, "operations": [{"body": body} for body in bodies]}))
    return Settings.from_environment({"LETS_CONNECT_OPERATIONS": str(path)})


def test_the_manifest_is_what_the_web_app_sends() -> None:
    generated = Path("web/src/graphql/generated.ts").read_text()
    sent = [
        (json.loads(text), name)
        for name, text in re.findall(r"^  name: '(\w+)',\n  text: (\".*\"),$", generated, re.MULTILINE)
    ]
    assert sent
    assert known_operations(SETTINGS) == sent


async def test_the_gateway_has_a_plan_for_each_before_it_is_asked() -> None:
    registry = CollectorRegistry()
    metrics = GatewayMetrics(registry)
    engine = Engine(_supergraph(), {}, SETTINGS.gateway, metrics)
    expect_operations(engine, SETTINGS, metrics)
    known = known_operations(SETTINGS)
    for text, name in known:
        await engine.preparation.prepare(text, name)
    assert registry.get_sample_value("gateway_plan_cache_requests_total", {"result": "hit"}) == len(known)


def test_the_metrics_name_them_however_many_names_strangers_made_before() -> None:
    metrics = GatewayMetrics(CollectorRegistry())
    told = expect_operations(Engine(_supergraph(), {}, SETTINGS.gateway, metrics), SETTINGS, metrics)
    labels = {metrics.operation_label(f"Made{number}") for number in range(1_000)}
    known = {name for _, name in known_operations(SETTINGS) if name}
    assert told == known
    assert (len(labels - {"other"}), {metrics.operation_label(name) for name in known}) == (
        500 - len(known),
        known,
    )


def test_each_subgraph_compiles_every_query_that_it_will_be_asked() -> None:
    asked = asked_of_subgraphs(_supergraph(), SETTINGS)
    domains = {domain.name: domain.schema for domain in load_domains()}
    assert asked.keys() <= domains.keys()
    for name, documents in asked.items():
        queries = [text for text in documents if not text.startswith(("mutation", "subscription"))]
        assert warm(domains[name], documents) == len(queries)


def test_operations_of_ones_own_take_the_web_apps_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = _manifest(tmp_path / "manifest.json", "{ viewer { handle } }", "{ nothing }")
    (only,) = asked_of_subgraphs(_supergraph(), settings).items()
    assert only == ("user", ["{viewer{handle}}"])
    assert "of 2 known operations 1 are prepared" in caplog.text


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read"),
        ("[]", "is no manifest of persisted queries"),
        ('{"operations": [1]}', "is no"),
    ],
)
def test_a_manifest_that_cannot_be_taken_is_named(
    tmp_path: Path, content: str | None, complaint: str
) -> None:
    path = tmp_path / "manifest.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match=f"LETS_CONNECT_OPERATIONS: .*manifest.json {complaint}"):
        known_operations(Settings.from_environment({"LETS_CONNECT_OPERATIONS": str(path)}))
