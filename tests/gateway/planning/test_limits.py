"""Planning ends, whatever the graph and whatever the operation."""

from __future__ import annotations

import pytest
from graphql import parse

from gateway.config import Guards
from gateway.planning import Planner, PlanningError
from gateway.planning.limits import Budget
from tests.gateway.planning.harness import composed, operations_of, plan_of, planner, supergraph

_CODE = "QUERY_PLAN_COMPLEXITY_EXCEEDED"


def _refusal(of: Planner, query: str) -> tuple[str, str]:
    with pytest.raises(PlanningError) as refused:
        of.plan(parse(query))
    return refused.value.code, refused.value.message


def test_an_operation_beyond_the_bound_on_steps_is_refused_with_a_code() -> None:
    bounded = Planner(supergraph("bookshop"), Guards(planning_steps=3))
    query = "{ newBooks { postage opinions { author { name } } } me { opinions { id } } }"
    assert _refusal(bounded, query) == (_CODE, "The operation is too complex to plan")


def test_fragments_that_multiply_are_counted_each_time_they_are_spread() -> None:
    levels = "".join(
        f"fragment F{n} on Person {{ a: opinions {{ author {{ ...F{n + 1} }} }} b: opinions {{ author {{ ...F{n + 1} }} }} }}"
        for n in range(30)
    )
    query = "{ me { ...F0 } } " + levels + "fragment F30 on Person { name }"
    bounded = Planner(supergraph("bookshop"), Guards(planning_steps=20_000))
    assert _refusal(bounded, query) == (_CODE, "The operation is too complex to plan")


def test_types_asked_one_by_one_are_counted_on_every_level() -> None:
    types = "".join(
        f"""type T{n} implements I @key(fields: "id") {{
            id: ID! next: I @provides(fields: "... on T{n} {{ x }}") x: Int @external
        }}"""
        for n in range(6)
    )
    explosive = composed(
        a="type Query { i: I } interface I { id: ID! next: I }" + types,
        b="".join(f'type T{n} @key(fields: "id") {{ id: ID! x: Int @shareable }}' for n in range(6)),
    )
    query = "{ i { " + "next { " * 12 + "id" + " }" * 12 + " } }"
    assert _refusal(Planner(explosive.supergraph, Guards(planning_steps=20_000)), query) == (
        _CODE,
        "The operation is too complex to plan",
    )


def test_an_operation_nested_deeper_than_can_be_walked_is_refused_with_a_code() -> None:
    levels = "".join(
        f"fragment F{n} on Person {{ opinions {{ author {{ ...F{n + 1} }} }} }}" for n in range(900)
    )
    query = "{ me { ...F0 } } " + levels + "fragment F900 on Person { name }"
    assert _refusal(planner("bookshop"), query) == (_CODE, "The operation is nested too deeply to plan")


def _spend(budget: Budget, steps: int) -> None:
    for _ in range(steps):
        budget.step()


def test_time_is_looked_at_while_steps_are_counted() -> None:
    seconds = iter(range(100))
    budget = Budget(Guards(planning_steps=100_000, planning_seconds=3), lambda: next(seconds))
    with pytest.raises(PlanningError) as refused:
        _spend(budget, 99_000)
    assert (refused.value.code, refused.value.message) == (_CODE, "The operation takes too long to plan")


def test_the_best_plan_so_far_is_taken_where_no_more_may_be_compared() -> None:
    ways = composed(
        **{
            f"s{n}": f"""
            type Query {{ thing: Thing @shareable q{n}: Int }}
            type Thing @key(fields: "id") {{ id: ID! {" ".join(f"f{k}: Int @shareable" for k in range(12) if k % 6 != n)} }}
            """
            for n in range(6)
        }
    )
    document = parse("{ thing { " + " ".join(f"f{k}" for k in range(12)) + " } }")
    hasty = Planner(ways.supergraph, Guards(planning_branches=1))
    assert len(operations_of(hasty.plan(document))) == len(operations_of(ways.plan(document))) == 2


def test_requirements_that_cross_again_and_again_are_resolved_once_each() -> None:
    depth = 18
    chain = {
        f"s{n}": f"""
        type E @key(fields: "id") {{
          id: ID! f{n - 1}: Int @external g{n - 1}: Int @external
          f{n}: Int @requires(fields: "f{n - 1} g{n - 1}") g{n}: Int @requires(fields: "f{n - 1} g{n - 1}")
        }}
        """
        for n in range(1, depth)
    }
    graph = composed(
        base='type Query { e: E } type E @key(fields: "id") { id: ID! f0: Int g0: Int }', **chain
    )
    bounded = Planner(graph.supergraph, Guards(planning_steps=2_000))
    assert len(operations_of(plan_of(bounded, f"{{ e {{ f{depth - 1} g{depth - 1} }} }}"))) == depth


def test_keys_in_a_ring_with_chords_are_followed_without_trying_every_order() -> None:
    size = 9
    ring = {
        f"s{n}": f"""
        type Query {{ q{n}: E }}
        type E @key(fields: "k{n}") {{ k{n}: ID! @shareable k{(n + 1) % size}: ID! @shareable v{n}: Int }}
        """
        for n in range(size)
    }
    bounded = Planner(composed(**ring).supergraph, Guards(planning_steps=2_000))
    plan = plan_of(bounded, f"{{ q0 {{ v{size - 1} v3 }} }}")
    assert len(operations_of(plan)) == size


def test_an_operation_that_needs_more_fetches_than_allowed_is_refused_with_a_code() -> None:
    bounded = Planner(supergraph("bookshop"), Guards(planning_fetches=2))
    assert _refusal(bounded, "{ newBooks { inStock opinions { id } } }") == (
        _CODE,
        "The operation needs too many fetches",
    )
