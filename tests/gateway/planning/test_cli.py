"""The plan command: text, JSON, and one line for each reason why there is no plan."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from gateway.planning.cli import add_plan_command

_SUPERGRAPH = Path(__file__).parent / "supergraphs" / "bookshop.graphql"


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_plan_command(parser.add_subparsers())
    args = parser.parse_args(["plan", *arguments])
    status: int = args.run(args)
    return status


def test_the_plan_is_printed_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = tmp_path / "query.graphql"
    query.write_text("{ me { name } }")
    assert _run("--supergraph", str(_SUPERGRAPH), "--query", str(query)) == 0
    assert capsys.readouterr().out == (
        'QueryPlan {\n  Fetch(service: "people") {\n    {\n      me {\n        name\n      }\n    }\n  },\n}\n'
    )


def test_the_same_tree_is_printed_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = tmp_path / "query.graphql"
    query.write_text("query One { me { name } } query Two { newBooks { inStock } }")
    arguments = ("--supergraph", str(_SUPERGRAPH), "--query", str(query), "--operation", "Two")
    assert _run(*arguments, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "kind": "QueryPlan",
        "node": {
            "kind": "Sequence",
            "nodes": [
                {
                    "kind": "Fetch",
                    "serviceName": "books",
                    "variableUsages": [],
                    "operation": "query Two__books__0{newBooks{__typename isbn}}",
                    "operationKind": "query",
                    "operationName": "Two__books__0",
                },
                {
                    "kind": "Flatten",
                    "path": ["newBooks", "@"],
                    "node": {
                        "kind": "Fetch",
                        "serviceName": "stock",
                        "requires": [
                            {
                                "kind": "InlineFragment",
                                "typeCondition": "Book",
                                "selections": [
                                    {"kind": "Field", "name": "__typename"},
                                    {"kind": "Field", "name": "isbn"},
                                ],
                            }
                        ],
                        "variableUsages": [],
                        "operation": (
                            "query Two__stock__1($representations:[_Any!]!)"
                            "{_entities(representations:$representations){... on Book{inStock}}}"
                        ),
                        "operationKind": "query",
                        "operationName": "Two__stock__1",
                    },
                },
            ],
        },
    }


def test_what_is_deferred_is_fetched_apart_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = tmp_path / "query.graphql"
    query.write_text("{ newBooks { isbn ... @defer { inStock } } }")
    arguments = ("--supergraph", str(_SUPERGRAPH), "--query", str(query), "--format", "json")
    assert _run(*arguments) == 0
    assert json.loads(capsys.readouterr().out)["node"]["kind"] == "Sequence"
    assert _run(*arguments, "--defer") == 0
    assert json.loads(capsys.readouterr().out)["node"]["kind"] == "Defer"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("{ me { age } }", "Cannot query field 'age' on type 'Person'."),
        ("{ me {", "Syntax Error: Expected Name, found <EOF>."),
        ("query A { me { id } } query B { me { id } }", "OPERATION_NAME_REQUIRED"),
    ],
)
def test_what_cannot_be_planned_is_said_on_stderr(
    query: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "query.graphql"
    file.write_text(query)
    assert _run("--supergraph", str(_SUPERGRAPH), "--query", str(file)) == 1
    assert reason in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "missing.graphql"
    assert _run("--supergraph", str(missing), "--query", str(missing)) == 1
    assert capsys.readouterr().err == (
        f"lets-connect plan: {missing} cannot be read: No such file or directory\n"
    )
