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


_USERS = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Query { me: User }
type User @key(fields: "id") { id: ID! }
"""


def _compose(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_compose_command(parser.add_subparsers())
    options = parser.parse_args(["compose", *arguments])
    status: int = options.run(options)
    return status


def _config(tmp_path: Path, text: str) -> str:
    (tmp_path / "users.graphql").write_text(_USERS)
    path = tmp_path / "supergraph.yaml"
    path.write_text(text)
    return str(path)


def test_rovers_configuration_names_files_and_carries_schemas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = _config(
        tmp_path,
        """
federation_version: =2.9.0
subgraphs:
  users: { routing_url: http://users, schema: { file: ./users.graphql } }
  posts:
    routing_url: http://posts
    schema:
      sdl: |
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
        type User @key(fields: "id") { id: ID! posts: [String!]! }
""",
    )
    output = tmp_path / "supergraph.graphql"
    assert _compose(config, "--output", str(output)) == 0
    assert capsys.readouterr().out == ""
    supergraph = load_supergraph(output.read_text())
    assert {name: s.url for name, s in supergraph.subgraphs.items()} == {
        "posts": "http://posts",
        "users": "http://users",
    }


def test_an_error_says_in_which_file_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "users.graphql"
    file.write_text(_USERS.replace('"id"', '"nope"'))
    assert _compose("--subgraph", f"users=http://users={file}") == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("KEY_INVALID_FIELDS: [users] ")
    assert second == f"  at {file}:3:11"


def test_what_cannot_be_answered_says_where_it_is_defined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop, stock = tmp_path / "shop.graphql", tmp_path / "stock.graphql"
    shop.write_text(_SHOP)
    stock.write_text(
        _SHOP.split("type")[0]
        + 'type Lamp @key(fields: "id", resolvable: false) {\n  id: ID!\n  left: Int\n}'
    )
    assert (
        _compose("--subgraph", f"shop=http://shop={shop}", "--subgraph", f"stock=http://stock={stock}") == 1
    )
    first, *_, last = capsys.readouterr().err.splitlines()
    assert first == "SATISFIABILITY_ERROR: The subgraphs cannot answer this query:"
    assert last == f"  at {stock}:5:3"


def test_errors_as_json_have_codes_messages_and_subgraphs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "users.graphql"
    file.write_text("type Query {")
    assert _compose("--subgraph", f"users=http://users={file}", "--format", "json") == 1
    assert json.loads(capsys.readouterr().out) == {
        "errors": [
            {
                "code": "INVALID_GRAPHQL",
                "message": "[users] Syntax Error: Expected Name, found <EOF>.",
                "subgraphs": ["users"],
            }
        ],
        "hints": [],
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("subgraphs: [", "is not YAML"),
        ("- users", "has to be a mapping"),
        ("federation_version: 2", "has no 'subgraphs'"),
        ("federation_version: latest\nsubgraphs: {}", "federation_version is 1, 2 or such as =2.9.0"),
        ("federation_version: =2.99.0\nsubgraphs: {}", "2.14 is the highest that is"),
        ("subgraphs: { users: 3 }", "needs a 'schema'"),
        ("subgraphs: { users: { schema: {} } }", "neither a 'file' nor an 'sdl'"),
        (
            "subgraphs: { users: { schema: { subgraph_url: http://users } } }",
            "fetched from a running subgraph",
        ),
        ("subgraphs: { users: { schema: { graphref: a@b, subgraph: c } } }", "fetched from a registry"),
        (
            "subgraphs: { users: { schema: { file: none.graphql } } }",
            "none.graphql cannot be read: No such file",
        ),
        ("subgraphs: { users: { schema: { file: . } } }", "cannot be read: Is a directory"),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    assert _compose(_config(tmp_path, text)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "users.graphql"
    file.write_bytes(b"type Query { a: Int } # \xff")
    assert _compose("--subgraph", f"users=http://users={file}") == 1
    assert capsys.readouterr().err.endswith(
        "users.graphql is not text in UTF-8: invalid start byte at byte 24\n"
    )


def test_subgraphs_have_names_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = _config(tmp_path, "subgraphs: { users: { schema: { file: users.graphql } } }")
    assert _compose(config, "--subgraph", f"users=http://users={tmp_path / 'users.graphql'}") == 1
    assert "two subgraphs called 'users'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--subgraph", "users"], ["--subgraph", "=http://users=x"]])
def test_the_command_says_what_it_takes(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _compose(*arguments) == 1
    assert "NAME=URL=FILE" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = _config(tmp_path, "subgraphs: { users: { schema: { file: users.graphql } } }")
    assert _compose(config, "--output", str(tmp_path / "none" / "out.graphql")) == 1
    assert "cannot be written: No such file" in capsys.readouterr().err
