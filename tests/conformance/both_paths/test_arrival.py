"""Whatever answers first, a client gets the same bytes from both paths, and subgraphs are asked the same."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from tests.conformance.both_paths.check import Trial
from tests.conformance.random.check import Served, serve
from tests.conformance.random.operations import random_operation

_MOST_ORDERS = 24
_GRAPHS = range(500, 530)
_OPERATIONS = 4


@cache
def _served(graph: int) -> Served | None:
    return serve(graph)


def _trial(graph: int, number: int) -> Trial | None:
    served = _served(graph)
    if served is None:
        return None
    return Trial(served, random_operation(served.monolith.schema, Random(f"{graph}/{number}")))  # noqa: S311


@pytest.mark.parametrize(
    ("graph", "number"), [pytest.param(9100203, 4, id="a list's"), pytest.param(9106377, 3, id="an object's")]
)
def test_errors_are_told_in_the_plans_order_though_a_later_fetch_answers_first(
    graph: int, number: int
) -> None:
    trial = _trial(graph, number)
    assert trial is not None
    outcome, arrivals = trial.exact()
    assert '"errors":[' in outcome.answer
    assert max(arrivals.choices) > 1
    assert trial.differences(_MOST_ORDERS) == []


@pytest.mark.parametrize("graph", _GRAPHS)
def test_answers_in_any_order_make_the_same_answer(graph: int) -> None:
    for number in range(_OPERATIONS):
        trial = _trial(graph, number)
        if trial is not None:
            assert trial.differences(_MOST_ORDERS) == [], f"graph {graph}, operation {number}"
