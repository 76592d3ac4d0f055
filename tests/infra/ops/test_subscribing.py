"""A subscription gives its place back when it ends, and says what does not fit."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner
from infra.ops.gateways import Gateways
from infra.ops.operation_times import OperationTimes
from infra.ops.rules import OpsRules
from infra.ops.schema import Watcher
from infra.ops.subscribing import subscribed
from infra.ops.telling import Telling
from infra.ops.watching import Ops
from infra.recent_traces import RecentTraces
from tests.infra.ops.cells import Looking, ran

_QUERY = "subscription Watch($sort: Sort! = P95) { ops(given: {sort: $sort}) { total resolvers { field } } }"


def _watcher() -> Watcher:
    looking = Looking(OpsRules(watchers=1))
    ran(looking.cell("shop", "Query", "products"), 0.2)
    looking.look()
    alone = Gateways(IdentitySigner(Ed25519PrivateKey.generate(), "key", frozenset()))
    ops = Ops(Telling(looking.recorder, RecentTraces(), OperationTimes(600)), alone, {}, {})
    return Watcher(ops, Caller("127.0.0.1"))


async def test_a_place_is_free_again_when_its_watcher_has_left() -> None:
    watcher = _watcher()
    for _ in range(2):
        first = subscribed(_QUERY, {}, None, watcher)
        result: Any = await anext(first)
        assert (result.data, result.errors) == (
            {"ops": {"total": 1, "resolvers": [{"field": "products"}]}},
            None,
        )
        with pytest.raises(RequestRefused, match="As many operators watch as may"):
            await anext(subscribed(_QUERY, {}, None, watcher))
        await first.aclose()  # type: ignore[attr-defined] # an async generator


@pytest.mark.parametrize(
    ("query", "variables", "told"),
    [
        ("subscription {", {}, "Syntax Error"),
        ("subscription { nothing }", {}, "Cannot query field"),
        (_QUERY, {"sort": "BEST"}, "BEST"),
        ("{ ops { total } }", {}, "subscription"),
    ],
)
async def test_what_does_not_fit_is_one_answer(query: str, variables: dict[str, Any], told: str) -> None:
    (result,) = [one async for one in subscribed(query, variables, None, _watcher())]
    assert result.data is None
    assert told in str(result.errors)
