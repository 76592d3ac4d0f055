"""A small graph in this process, and the edge before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
from prometheus_client import CollectorRegistry
from starlette.datastructures import UploadFile

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import LocalTransport

__all__ = ["Subgraph", "app", "client", "parts"]

_SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
scalar Upload
type Query { hello(name: String = "you"): String  fails: String  thing: Thing }
type Thing { id: ID! name: String thing: Thing things: [Thing!]! }
type Mutation { set(value: Int!): Int  upload(file: Upload!, files: [Upload!]): String }
type Subscription { ticks(to: Int!): Int }
"""


class Subgraph:
    """Answers by looking at the query's text; remembers the headers it was sent."""

    def __init__(self) -> None:
        self.headers: list[Mapping[str, str]] = []
        self.received: list[bytes] = []

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        self.headers.append(headers)
        if "fails" in query:
            raise RuntimeError("a secret of the inside")
        if "upload" in query:
            file = variables["file"]
            assert isinstance(file, UploadFile)
            self.received.append(await file.read())
            return {"data": {"upload": file.filename}}
        if "set" in query:
            return {"data": {"set": variables.get("v", 1)}}
        thing: dict[str, Any] = {"id": "1", "name": "One", "thing": None, "things": []}
        return {"data": {"hello": f"Hello {variables.get('n', 'you')}", "thing": thing}}

    async def subscribe(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> AsyncIterator[dict[str, Any]]:
        self.headers.append(headers)
        for n in range(variables.get("to", 3)):
            yield {"data": {"ticks": n}}
            await asyncio.sleep(0)


def parts(subgraph: Subgraph, settings: GatewaySettings | None = None, **guards: Any) -> GatewayParts:
    """What an application is made of, before the small graph."""
    given = settings or GatewaySettings()
    given = replace(given, guards=replace(given.guards, **guards)) if guards else given
    supergraph = load_supergraph(compose_from_sdls([("one", "http://one", _SDL)]).supergraph_sdl)
    metrics = GatewayMetrics(CollectorRegistry())
    engine = Engine(supergraph, {"one": LocalTransport("one", subgraph)}, given, metrics)
    return GatewayParts(engine=lambda: engine, settings=given, metrics=metrics)


def app(settings: GatewaySettings | None = None, **guards: Any) -> GatewayApp:
    """An application of its own."""
    return GatewayApp(parts(Subgraph(), settings, **guards))


@asynccontextmanager
async def client(
    served: GatewayApp | None = None, address: str = "127.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reaches the application without a socket, from ``address``."""
    transport = httpx.ASGITransport(served or app(), client=(address, 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as made:
        yield made
