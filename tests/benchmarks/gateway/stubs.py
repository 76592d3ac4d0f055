"""Subgraphs that cost next to nothing: each distinct request is executed once, and its answer kept."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httptools
import uvloop
from graphql import build_schema, graphql_sync

from tests.benchmarks.gateway.graphs import GRAPHS

__all__ = ["Subgraph", "main"]

_PROTOCOL = (
    " scalar _Any extend type Query { _entities(representations: [_Any!]!): [_Entity]! } union _Entity = "
)
_FAILURE = {"errors": [{"message": "Out of order", "extensions": {"code": "OUT_OF_ORDER"}}], "data": None}


class Subgraph:
    """One subgraph's answers, remembered by the request's body."""

    def __init__(self, sdl: str, data: Mapping[str, Any], *, failing: bool = False) -> None:
        plain = re.sub(r"@\w+(\([^)]*\))?", "", sdl.split("\n", 1)[1])
        plain = plain if "type Query" in plain else plain + " type Query { nothing: Int }"
        self._entities = data["entities"]
        if self._entities:
            plain += _PROTOCOL + " | ".join(self._entities)
        self._schema = build_schema(plain)
        self._root = {**data, "_entities": self._find}
        self._failing = failing
        self._known: dict[bytes, bytes] = {}

    def answer(self, body: bytes) -> bytes:
        """The whole HTTP answer."""
        known = self._known.get(body)
        if known is None:
            made = json.dumps(self._execute(json.loads(body)), separators=(",", ":"))
            known = self._known[body] = http_answer(made.encode())
        return known

    def _execute(self, request: dict[str, Any]) -> Mapping[str, Any]:
        if self._failing:
            return _FAILURE
        result = graphql_sync(
            self._schema,
            request["query"],
            root_value=self._root,
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
            type_resolver=lambda value, _info, _type: value["__typename"],
        )
        return result.formatted

    def _find(self, _info: Any, representations: list[dict[str, Any]]) -> list[Any]:
        return [
            self._entities[one["__typename"]].get(one.get("id") or one.get("upc")) for one in representations
        ]


class _Protocol(asyncio.Protocol):
    """Any request is the subgraph's, but for the keys, and for traces, which are taken and forgotten."""

    def __init__(self, subgraph: Subgraph, keys: bytes) -> None:
        self._subgraph = subgraph
        self._keys = http_answer(keys)
        self._url = b""
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body = self._url = b""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._url == b"/v1/traces":
            given = http_answer(b"")
        else:
            given = self._keys if self._url == b"/keys" else self._subgraph.answer(self._body)
        self._transport.write(given)


def http_answer(body: bytes) -> bytes:
    """A whole answer."""
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _serve(graph: str, port: int, keys: bytes) -> None:
    served = GRAPHS[graph]
    data = served.roots()
    loop = asyncio.get_running_loop()
    for offset, (name, sdl) in enumerate(served.sdl.items()):
        subgraph = Subgraph(sdl, data[name], failing=name in served.failing)
        await loop.create_server(partial(_Protocol, subgraph, keys), "127.0.0.1", port + offset)
    print("ready", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Serve all subgraphs of a graph, on a port each."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--graph", choices=GRAPHS, default="shop")
    parser.add_argument("--port", type=int, default=4200)
    parser.add_argument("--keys", type=Path, help="a JWKS that is served beside them")
    given = parser.parse_args()
    uvloop.run(_serve(given.graph, given.port, given.keys.read_bytes() if given.keys else b""))


if __name__ == "__main__":
    main()
