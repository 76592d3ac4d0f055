"""Equal queries are shared while they are under way, but never across a change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.jsontext import encode
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import SubgraphAnswer, SubgraphRequest, SubgraphTransport

_SDL = "type Query { name: String } type Mutation { rename: String } type Subscription { renamed: String }"


class _Named(SubgraphTransport):
    """A subgraph that reads its name when it is asked, and tells it when it is let."""

    shares = True

    def __init__(self) -> None:
        self.name = "Ada"
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self.renewed = 0
        self.let = asyncio.Event()

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        if request.kind == "mutation":
            self.name = "Bob"
            return SubgraphAnswer({"rename": self.name})
        name = self.name
        self.asked.put_nowait(name)
        await self.let.wait()
        return SubgraphAnswer({"name": name})

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        self.name = "Bob"
        yield SubgraphAnswer({"renamed": self.name})

    def renew(self) -> None:
        self.renewed += 1

    async def close(self) -> None:
        """Nothing is held."""


async def _answered(engine: Engine, query: str) -> bytes:
    prepared = await engine.prepare(query, None)
    if prepared.kind == "subscription":
        return encode([event async for event in engine.subscribe(prepared, {}, _told)])
    return encode(await engine.execute(prepared, {}, _told))


def _told(*_: object) -> Mapping[str, str]:
    return {}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("mutation { rename }", b'{"data":{"rename":"Bob"}}'),
        ("subscription { renamed }", b'[{"data":{"renamed":"Bob"}}]'),
    ],
    ids=["a mutation", "an event"],
)
async def test_what_is_asked_after_a_change_joins_nothing_that_was_asked_before(
    change: str, told: bytes
) -> None:
    named = _Named()
    named.let.set()
    supergraph = load_supergraph(compose_from_sdls([("one", "http://one", _SDL)]).supergraph_sdl)
    engine = Engine(supergraph, {"one": named}, GatewaySettings(), GatewayMetrics(CollectorRegistry()))
    await _answered(engine, "{ name }")  # from its second use on it is compiled
    await named.asked.get()
    named.let.clear()
    before = [asyncio.create_task(_answered(engine, "{ name }")) for _ in range(2)]
    assert await named.asked.get() == "Ada"
    assert await _answered(engine, change) == told
    after = asyncio.create_task(_answered(engine, "{ name }"))
    assert await named.asked.get() == "Bob"
    named.let.set()
    assert await asyncio.gather(*before, after) == [b'{"data":{"name":"Ada"}}'] * 2 + [
        b'{"data":{"name":"Bob"}}'
    ]
    assert (named.asked.empty(), named.renewed) == (True, 1)
    await engine.close()
