"""Equal queries are shared while they are under way, but never across a change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.jsontext import encode
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import SubgraphAnswer, SubgraphRequest, SubgraphTransport

_FEDERATED = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'
_SDL = "type Query { name: String } type Mutation { rename: String } type Subscription { renamed: String }"


class _Named(SubgraphTransport):
    """A subgraph that reads its name when it is asked, and tells it when it is let."""

    shares = True

    def __init__(self) -> None:
        self.name = "Ada"
        self.asked: asyncio.Queue[str] = asyncio.Queue()
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

    async def close(self) -> None:
        """Nothing is held."""


async def _answered(engine: Engine, query: str) -> bytes:
    prepared = await engine.preparation.prepare(query, None)
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
    assert named.asked.empty()
    await engine.close()


_USERS = """
    type Query { user: User } type Mutation { rename: User } type Subscription { renamed: User }
    type User @key(fields: "id") { id: ID! }
    """
_NAMES = 'type User @key(fields: "id") { id: ID! name: String }'


class _Noting(SubgraphTransport):
    """Answers at once, and notes what happens to it."""

    def __init__(self, name: str, data: Mapping[str, Any], notes: list[str]) -> None:
        self.name = name
        self.data = data
        self.notes = notes

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.notes.append(f"{self.name}: {request.kind}")
        return SubgraphAnswer({key: value for key, value in self.data.items() if key in request.query})

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        yield await self.execute(request)

    def renew(self) -> None:
        self.notes.append(f"{self.name}: renewed")

    async def close(self) -> None:
        """Nothing is held."""


def _renamed(notes: list[str]) -> Engine:
    user = {"__typename": "User", "id": "1"}
    users = _Noting("users", {"rename": user, "renamed": user}, notes)
    names = _Noting("names", {"_entities": [{"__typename": "User", "name": "Bob"}]}, notes)
    given = [("users", "http://users", _FEDERATED + _USERS), ("names", "http://names", _FEDERATED + _NAMES)]
    supergraph = load_supergraph(compose_from_sdls(given).supergraph_sdl)
    transports = {"users": users, "names": names}
    return Engine(supergraph, transports, GatewaySettings(), GatewayMetrics(CollectorRegistry()))


@pytest.mark.parametrize("change", ["mutation { rename { name } }", "subscription { renamed { name } }"])
async def test_what_a_change_itself_asks_for_after_it_shares_nothing_with_what_began_before(
    change: str,
) -> None:
    notes: list[str] = []
    engine = _renamed(notes)
    kind = change.partition(" ")[0]
    renewed = ["users: renewed", "names: renewed"]
    for _ in range(2):  # exactly, then compiled where that can be
        await _answered(engine, change)
        assert notes == [f"users: {kind}", *renewed, "names: query", *renewed]
        notes.clear()


async def test_a_change_on_an_engine_that_is_followed_by_another_is_a_change_there() -> None:
    notes: list[str] = []
    before, after = _renamed([]), _renamed(notes)
    before.hand_over(after)
    await _answered(before, "mutation { rename { name } }")
    assert notes == ["users: renewed", "names: renewed"]
