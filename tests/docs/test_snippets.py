"""What the documentation shows is true of the graph and of the metrics."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import NoUnusedFragmentsRule, build_schema, parse, specified_rules, validate
from prometheus_client import CollectorRegistry

from gateway.telemetry.metrics import GatewayMetrics
from subgraphs.kit.telemetry.metrics import Metrics
from tests.end_to_end.product import ROOT

_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_API = build_schema((ROOT / "web" / "schema.graphql").read_text())
_RULES = [rule for rule in specified_rules if rule is not NoUnusedFragmentsRule]


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)


_SNIPPETS = [(p, b) for p in _PAGES for b in _blocks(p, "graphql")]
_SNIPPETS += [(p, p.read_text()) for p in sorted((ROOT / "docs" / "queries").glob("*.graphql"))]


@pytest.mark.parametrize(
    ("page", "snippet"), _SNIPPETS, ids=[f"{p.stem}-{n}" for n, (p, _) in enumerate(_SNIPPETS)]
)
def test_a_graphql_snippet_is_valid_on_the_graph(page: Path, snippet: str) -> None:
    assert validate(_API, parse(snippet), _RULES) == []


def test_every_metric_that_is_named_is_exported() -> None:
    registry = CollectorRegistry()
    gateway = GatewayMetrics(registry)
    Metrics(registry, errors=gateway.errors.metric, http=gateway.http_duration)
    exported = {name for family in registry.collect() for name in (family.name, f"{family.name}_total")}
    queries = "\n".join(b for p in _PAGES for b in _blocks(p, "promql"))
    named = set(re.findall(r"\b((?:graphql|gateway|http|cache|db|dataloader)_\w+)", queries))
    missing = {n for n in named if re.sub(r"_(bucket|count|sum)$", "", n) not in exported}
    assert named
    assert missing == set()
