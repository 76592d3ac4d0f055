"""What the planning tests share: supergraphs by name, and plans as text to compare whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent

from graphql import parse, validate

from gateway.composition import compose_from_sdls
from gateway.planning import Planner, QueryPlan
from gateway.planning.printer import to_json, to_text
from gateway.supergraph import Supergraph, accepting_defer, load_supergraph

__all__ = ["FEDERATION", "assert_plan", "composed", "operations_of", "plan_of", "planner", "supergraph"]

FEDERATION = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external",
  "@requires", "@provides", "@shareable", "@override", "@interfaceObject", "@context", "@fromContext"])
"""

_FOLDER = Path(__file__).parent / "supergraphs"


@cache
def supergraph(name: str) -> Supergraph:
    """One of the supergraphs beside this file."""
    return load_supergraph((_FOLDER / f"{name}.graphql").read_text())


@cache
def planner(name: str) -> Planner:
    """A planner over it."""
    return Planner(supergraph(name))


def composed(**subgraphs: str) -> Planner:
    """A planner over these subgraphs, whose SDL leaves the link to the federation specification out."""
    sdls = [(name, f"http://{name}.example", FEDERATION + sdl) for name, sdl in subgraphs.items()]
    return Planner(load_supergraph(compose_from_sdls(sdls).supergraph_sdl))


def plan_of(graph: str | Planner, query: str, *labels: str, defer: bool = False) -> QueryPlan:
    """The plan of a query that is valid against the API schema."""
    one = planner(graph) if isinstance(graph, str) else graph
    document = parse(query)
    assert validate(accepting_defer(one.supergraph.api_schema), document) == []
    return one.plan(document, active_labels=frozenset(labels), defer=defer)


def assert_plan(graph: str | Planner, query: str, expected: str, *labels: str, defer: bool = False) -> None:
    """The query's plan is the expected text."""
    assert to_text(plan_of(graph, query, *labels, defer=defer)) == dedent(expected).strip("\n")


def operations_of(plan: QueryPlan) -> list[str]:
    """The text of each fetch's operation, in the plan's order."""

    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if node.get("kind") == "Fetch":
                yield str(node["operation"])
            for value in node.values():
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    return list(walk(to_json(plan)))
