"""The gateway answers as one server would that had all the data, and asks nobody what it may not."""

from __future__ import annotations

import asyncio
from random import Random

from graphql import lexicographic_sort_schema, print_schema
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.conformance.random.check import serve
from tests.conformance.random.operations import random_operation

OPERATIONS = 4
"""For each graph."""


@given(seed=st.integers(0, 1_000_000))
@settings(
    max_examples=50,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_random_operations_over_random_graphs_are_answered_as_by_one_server(seed: int) -> None:
    served = serve(seed)
    assume(served is not None)
    assert served is not None
    ours = print_schema(lexicographic_sort_schema(served.planner.supergraph.api_schema))
    # What composition makes of the subgraphs is for its own tests to say.
    assume(ours == print_schema(lexicographic_sort_schema(served.monolith.schema)))
    for number in range(OPERATIONS):
        wanted = random_operation(served.monolith.schema, Random(f"{seed}/{number}"))  # noqa: S311
        difference = asyncio.run(served.difference(wanted))
        assert difference is None, f"graph {seed}, operation {number}:\n{difference}"
