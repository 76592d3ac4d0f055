"""The compose command: contracts, in text and as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from graphql import print_schema

from gateway.composition.cli import add_compose_command
from gateway.supergraph import load_supergraph

_SHOP = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag"])
type Query { lamp: Lamp @tag(name: "public") audit: Int @tag(name: "internal") }
type Lamp @key(fields: "id") { id: ID! name: String @tag(name: "public") }
type Unused { a: Int }
"""


def _run(tmp_path: Path, *arguments: str) -> int:
    file = tmp_path / "shop.graphql"
    file.write_text(_SHOP)
    parser = argparse.ArgumentParser()
    add_compose_command(parser.add_subparsers())
    options = parser.parse_args(["compose", "--subgraph", f"shop=http://shop={file}", *arguments])
    status: int = options.run(options)
    return status


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ([], "type Query {\n  lamp: Lamp\n  audit: Int\n}\n\ntype Lamp {\n  id: ID!\n  name: String\n}\n\ntype Unused {\n  a: Int\n}"),
        (["--exclude-tag", "internal"], "type Query {\n  lamp: Lamp\n}\n\ntype Lamp {\n  id: ID!\n  name: String\n}"),
        (["--include-tag", "public"], "type Query {\n  lamp: Lamp\n}\n\ntype Lamp {\n  name: String\n}"),
        (["--exclude-tag", "internal", "--keep-unreachable"], "type Query {\n  lamp: Lamp\n}\n\ntype Lamp {\n  id: ID!\n  name: String\n}\n\ntype Unused {\n  a: Int\n}"),
    ],
)  # fmt: skip
def test_a_contract_is_composed_by_tags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], shown: str
) -> None:
    assert _run(tmp_path, *arguments) == 0
    api = load_supergraph(capsys.readouterr().out).api_schema
    assert sorted(print_schema(api).split("\n\n")) == sorted(shown.split("\n\n"))


def test_a_contract_that_leaves_nothing_is_an_error_with_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path, "--include-tag", "none", "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["errors"] == [
        {
            "code": "ONLY_INACCESSIBLE_CHILDREN",
            "message": "Under the contract, Query is visible and all it has is hidden; "
            "hide it too, or show some of it",
            "subgraphs": [],
        }
    ]


def test_tags_that_cannot_be_meant_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(tmp_path, "--include-tag", "a", "--exclude-tag", "a") == 1
    assert capsys.readouterr().err == "lets-connect compose: a: a tag is included or excluded, not both\n"
