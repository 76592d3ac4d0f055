"""What the planning tests share: supergraphs by name, and plans as text to compare whole."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent

from graphql import parse, validate

from gateway.edge.deferral import accepting_defer
from gateway.planning import Planner, QueryPlan
from gateway.planning.printer import to_text
from gateway.supergraph import Supergraph, load_supergraph

__all__ = ["assert_plan", "plan_of", "planner", "supergraph"]

_FOLDER = Path(__file__).parent / "supergraphs"


@cache
def supergraph(name: str) -> Supergraph:
    """One of the supergraphs beside this file."""
    return load_supergraph((_FOLDER / f"{name}.graphql").read_text())


@cache
def planner(name: str) -> Planner:
    """A planner over it."""
    return Planner(supergraph(name))


def plan_of(name: str, query: str, *labels: str, defer: bool = False) -> QueryPlan:
    """The plan of a query that is valid against the API schema."""
    document = parse(query)
    assert validate(accepting_defer(supergraph(name).api_schema), document) == []
    return planner(name).plan(document, active_labels=frozenset(labels), defer=defer)


def assert_plan(name: str, query: str, expected: str, *labels: str, defer: bool = False) -> None:
    """The query's plan is the expected text."""
    assert to_text(plan_of(name, query, *labels, defer=defer)) == dedent(expected).strip("\n")
