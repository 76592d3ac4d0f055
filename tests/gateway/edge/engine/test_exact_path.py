"""The exact path is bounded: so many at a time, so many who wait, and the rest is told to come again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from gateway.edge.app import GatewayApp
from tests.gateway.edge.graph import Subgraph, client, parts


class _Held(Subgraph):
    """Holds back what asks for a thing, until it is let go; other answers do not fit the compiled code."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.asked = asyncio.Event(), 0

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        self.asked += 1
        if "thing" in query:
            await self.go.wait()
            return {"data": {"thing": {"id": "1"}}}
        return {"data": {"set": 1.0, "hello": 1}}

    async def until(self, asked: int) -> None:
        async with asyncio.timeout(60):
            while self.asked < asked:  # noqa: ASYNC110 - asked by whoever runs
                await asyncio.sleep(0)


def _app(subgraph: Subgraph) -> GatewayApp:
    return GatewayApp(parts(subgraph, exact_operations=1, exact_waiting=1))


def _ask(asking: httpx.AsyncClient, query: str) -> asyncio.Task[httpx.Response]:
    return asyncio.create_task(asking.post("/graphql", json={"query": query}))


async def _settled() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_so_many_run_so_many_wait_and_the_rest_is_refused() -> None:
    subgraph = _Held()
    async with client(_app(subgraph)) as asking:
        running = _ask(asking, "query A { thing { id } }")
        await subgraph.until(1)
        waiting = _ask(asking, "query B { thing { id } }")
        await _settled()
        refused = await _ask(asking, "query C { thing { id } }")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.json()["errors"][0]["extensions"] == {"code": "OVERLOADED"}
        assert subgraph.asked == 1
        subgraph.go.set()
        answers = [(await one).json() for one in (running, waiting)]
        answers.append((await _ask(asking, "query D { thing { id } }")).json())
    assert answers == [{"data": {"thing": {"id": "1"}}}] * 3


async def test_who_leaves_the_queue_makes_room() -> None:
    subgraph = _Held()
    async with client(_app(subgraph)) as asking:
        running = _ask(asking, "query A { thing { id } }")
        await subgraph.until(1)
        waiting = _ask(asking, "query B { thing { id } }")
        await _settled()
        waiting.cancel()
        await _settled()
        other = _ask(asking, "query C { thing { id } }")
        await _settled()
        subgraph.go.set()
        assert [(await one).status_code for one in (running, other)] == [200, 200]


async def test_a_compiled_query_that_turns_out_unusual_waits_too_and_a_mutation_is_always_answered() -> None:
    subgraph = _Held()
    query, mutation = "{ hello }", "mutation { set(value: 1) }"
    async with client(_app(subgraph)) as asking:
        for text in (query, mutation, query, mutation):
            assert (await _ask(asking, text)).status_code == 200
        running = _ask(asking, "query A { thing { id } }")
        await subgraph.until(5)
        waiting = _ask(asking, query)
        await subgraph.until(6)
        await _settled()
        refused = await _ask(asking, query)
        assert refused.status_code == 503
        done = _ask(asking, mutation)
        await subgraph.until(8)
        await _settled()
        subgraph.go.set()
        answers = [(await one).json() for one in (running, waiting, done)]
    assert answers == [{"data": {"thing": {"id": "1"}}}, {"data": {"hello": "1"}}, {"data": {"set": 1}}]
    assert subgraph.asked == 8  # nothing was asked twice


async def test_what_runs_compiled_is_not_held_up() -> None:
    subgraph = _Held()
    async with client(_app(subgraph)) as asking:
        subgraph.go.set()
        for _ in range(2):
            await _ask(asking, "query T { thing { id } }")
        subgraph.go.clear()
        held = [_ask(asking, f"query Q{n} {{ thing {{ id }} }}") for n in range(2)]
        await subgraph.until(3)
        compiled = _ask(asking, "query T { thing { id } }")
        await subgraph.until(4)
        subgraph.go.set()
        assert [(await one).status_code for one in (*held, compiled)] == [200, 200, 200]
