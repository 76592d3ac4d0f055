"""The law: whatever the schema, the operation and the world, both executors answer the same.

``python -m tests.subgraphs.kit.execution.random --cases 10000`` tries more.
"""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.subgraphs.kit.execution.random.check import WORLDS, Case, check, forget_worlds

# Where an error cuts a list short, graphql-core leaves coroutines unawaited.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

CASES = 200
FOUND = Counter[str]()


@pytest.fixture(autouse=True, scope="module")
def _worth_something() -> Iterator[None]:
    """Enough of the cases answer, fail, and do not race."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    forget_worlds()
    with warnings.catch_warnings(action="ignore"):  # here, so that nobody else is blamed
        gc.collect()
    assert min(FOUND["errors"], FOUND["no errors"]) > CASES / 10
    assert FOUND["race"] + FOUND["batches apart"] < CASES / 20


@given(
    st.builds(
        Case,
        world=st.integers(0, WORLDS),
        types=st.integers(1, 4),
        fields=st.integers(2, 6),
        shape=st.integers(0, 10**9),
        seed=st.integers(0, 10**9),
        depth=st.integers(1, 4),
        root=st.sampled_from(["Query"] * 9 + ["Mutation"]),
        trouble=st.sampled_from([0.0, 0.0, 0.05, 0.2, 0.4]),
    )
)
@settings(
    max_examples=CASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)
async def test_both_executors_answer_the_same(case: Case) -> None:
    found = await check(case)
    FOUND.update(found)
    if found["errors"]:  # what was abandoned ends here, where the warning of it is ignored
        for _ in range(10):
            await asyncio.sleep(0)
        gc.collect()
    for name in found & Counter(["race", "batches apart"]):
        event(name)
