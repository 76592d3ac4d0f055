"""A plan as a graph: what waits for what, and when each was fetched."""

from __future__ import annotations

from typing import Any

from gateway.planning.plan import (
    ConditionNode,
    DeferNode,
    DeferredNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
    SubscriptionNode,
)
from gateway.telemetry.federated import FederatedFetch
from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.protobuf import message, number, text
from infra.ops.plan_graph import plan_graph


def _fetch(subgraph: str, operation: str = "", id_: str | None = None) -> FetchNode:
    return FetchNode(subgraph, operation or f"{{ {subgraph} }}", "query", id=id_)


def _drawn(node: PlanNode | None) -> list[tuple[Any, ...]]:
    steps = plan_graph(QueryPlan(node), [], 0.0)
    return [(s.number, s.subgraph, s.path, s.condition, s.depth, s.after) for s in steps]


def test_a_sequence_waits_and_what_is_parallel_does_not() -> None:
    author = FlattenNode(("feed", "@", "author"), _fetch("user"))
    media = FlattenNode(("feed", "@", "media"), _fetch("media"))
    last = FlattenNode(("feed", "@", "author", "shop"), _fetch("shop"))
    assert _drawn(SequenceNode((_fetch("content"), ParallelNode((author, media)), last))) == [
        (0, "content", "", "", 0, []),
        (1, "user", "feed.@.author", "", 1, [0]),
        (2, "media", "feed.@.media", "", 1, [0]),
        (3, "shop", "feed.@.author.shop", "", 2, [1, 2]),
    ]


def test_branches_deferred_parts_and_streams_are_drawn_too() -> None:
    assert _drawn(None) == []
    branches = ConditionNode("wide", _fetch("user"), _fetch("shop"))
    assert _drawn(SequenceNode((branches, _fetch("ai")))) == [
        (0, "user", "", "$wide", 0, []),
        (1, "shop", "", "not $wide", 0, []),
        (2, "ai", "", "", 1, [0, 1]),
    ]
    late = DeferredNode(0, "more", ("feed",), ("a",), _fetch("media"))
    assert _drawn(DeferNode(_fetch("content", id_="a"), (late,))) == [
        (0, "content", "", "", 0, []),
        (1, "media", "", "@defer more", 1, [0]),
    ]
    assert _drawn(SubscriptionNode(_fetch("content"), FlattenNode(("ticks",), _fetch("user")))) == [
        (0, "content", "", "", 0, []),
        (1, "user", "ticks", "", 1, [0]),
    ]


def test_fetches_find_their_steps_by_what_they_asked() -> None:
    alike = "{ same }"
    plan = ParallelNode((_fetch("user", alike), _fetch("user", alike), _fetch("shop"), _fetch("ai")))
    told = [
        FetchEnded("shop", 10.2, 10.5, "unavailable", 0, document="{ shop }"),
        FetchEnded("user", 10.3, 10.4, "success", 7, document=alike),
        FetchEnded("user", 10.1, 10.2, "success", 3, document=alike),
        FetchEnded("user", 10.6, 10.7, "errors", 1, document=alike),
        FetchEnded("user", 10.6, 10.7, "errors", 1, document="{ another plan's }"),
    ]
    steps = plan_graph(QueryPlan(plan), told, 10.0)
    assert [(s.requests, s.representations, s.outcome) for s in steps] == [
        (1, 3, "success"),
        (2, 8, "errors"),
        (1, 0, "unavailable"),
        (0, 0, ""),
    ]
    shown = [(round(s.began, 6), round(s.seconds, 6)) for s in steps if s.began is not None and s.seconds]
    assert shown == [(0.1, 0.1), (0.3, 0.4), (0.2, 0.3)]


def test_what_services_told_of_their_fields_is_drawn_where_it_was_fetched() -> None:
    def field(of: str, name: str, milliseconds: int) -> bytes:
        return message(12, text(1, name) + text(13, of) + number(9, milliseconds * 10**6))

    slow = message(14, b"".join(field("Post", f"f{n}", n) for n in range(7)))
    told = [
        FederatedFetch("media", "{ media }", 0.0, 0.1, b"\xff"),
        FederatedFetch("user", "{ user }", 0.0, 0.1, slow),
        FederatedFetch("user", "{ another plan's }", 0.0, 0.1, slow),
        FederatedFetch("shop", "{ shop }", 0.0, 0.1, None),
    ]
    plan = ParallelNode((_fetch("user"), _fetch("shop"), _fetch("media")))
    steps = plan_graph(QueryPlan(plan), [], 0.0, told)
    assert [[(one.field, one.executions, one.longest) for one in step.resolvers] for step in steps] == [
        [(f"f{n}", 1, n / 1000) for n in (6, 5, 4, 3, 2)],
        [],
        [],
    ]
