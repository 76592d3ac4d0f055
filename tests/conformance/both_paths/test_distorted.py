"""Whatever subgraphs answer, both paths make the same of it, and ask the same."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from gateway.jsontext import decode
from tests.conformance.both_paths.check import Trial
from tests.conformance.random.check import serve
from tests.conformance.random.operations import random_operation

_GRAPHS = range(800, 830)
_OPERATIONS, _TURNS = 3, 3


@pytest.mark.parametrize("graph", _GRAPHS)
def test_distorted_answers_are_told_alike_by_both_paths(graph: int) -> None:
    served = serve(graph)
    if served is None:
        return
    for number in range(_OPERATIONS):
        wanted = random_operation(served.monolith.schema, Random(f"{graph}/{number}"))  # noqa: S311
        for turn in range(_TURNS):
            found = Trial(served, wanted, f"{graph}/{number}/{turn}").differences()
            assert found == [], f"graph {graph}, operation {number}, turn {turn}:\n{wanted.text}"


def test_distortions_are_met_and_what_they_leave_whole_is_answered() -> None:
    met: Counter[str] = Counter()
    for graph in _GRAPHS:
        served = serve(graph)
        if served is None:
            continue
        wanted = random_operation(served.monolith.schema, Random(f"{graph}/0"))  # noqa: S311
        answer = decode(Trial(served, wanted, f"{graph}/0/0").exact()[0].answer)
        met["data"] += answer["data"] is not None
        met.update({error["extensions"]["code"] for error in answer.get("errors", ())})
    assert met["data"] > len(_GRAPHS) / 2
    assert {"INVALID_SUBGRAPH_RESPONSE", "SUBREQUEST_MALFORMED_RESPONSE"} <= met.keys()
