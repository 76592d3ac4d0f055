"""The feed page through gateway and subgraphs in one process, PostgreSQL and Valkey beside it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry

from gateway.edge.server import spare_collector
from gateway.telemetry.metrics import GatewayMetrics
from infra.migrate import migrate
from infra.product import open_product
from infra.seeding import seed
from infra.servers import open_servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from subgraphs.kit.domain.demo import PASSWORD, PEOPLE
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["ask_page", "caught_up", "feed_seconds", "post", "signed_in"]

_QUIET = 0.05
"""CPU seconds in half a second, below which nothing is being caught up with."""
_SHOWN = 10
"""Posts the page has at least, once content has heard of whom the demo's people follow."""
_FEED = Path("docs/queries/feed.graphql").read_text()
_LOGIN = """mutation ($l: String!, $p: String!) { login(input: {login: $l, password: $p}) { session { accessToken } } }"""


class _Feed(msgspec.Struct):
    edges: list[msgspec.Raw]


class _Page(msgspec.Struct):
    feed: _Feed


class _Answer(msgspec.Struct):
    """What is looked at of a page: the reader's own work is no part of what is measured."""

    data: _Page
    errors: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


async def feed_seconds(home: Path, compiled: bool, rounds: int) -> float:
    """CPU seconds of this process for one page, the best of several rounds of ten."""
    async with _page(home, compiled) as page:
        await caught_up(page)
        for _ in range(5):
            await page()
        spare_collector()  # as the server does once its port answers
        best = float("inf")
        for _ in range(rounds):
            began = time.process_time()
            for _ in range(4):
                await page()
            best = min(best, (time.process_time() - began) / 4)
        return best


async def caught_up(page: Callable[[], Awaitable[int]]) -> None:
    """Until what the seed told the domains has been handled: that work is not the page's, and the page lacks it."""
    for _ in range(600):
        if await page() >= _SHOWN:
            break
        await asyncio.sleep(0.1)
    for _ in range(120):
        began = time.process_time()
        await asyncio.sleep(0.5)
        if time.process_time() - began < _QUIET:
            return


@asynccontextmanager
async def _page(home: Path, compiled: bool) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    flag = str(compiled).lower()
    settings = Settings.from_environment(
        {
            "LETS_CONNECT_HOME": str(home),
            "LETS_CONNECT_GATEWAY_COMPILE_OPERATIONS": flag,
            "LETS_CONNECT_SUBGRAPH_COMPILE_OPERATIONS": flag,
        }
    )
    registry = CollectorRegistry()
    gateway = GatewayMetrics(registry)
    metrics = Metrics(registry, errors=gateway.errors.metric, http=gateway.http_duration)
    domains = load_domains()
    async with open_servers(settings) as servers:
        await migrate(domains, servers)
        async for _ in seed(domains, settings, servers, metrics, "demo"):
            pass
        async with open_product(settings, servers, domains, gateway, metrics) as app:
            token = await signed_in(app)

            async def page() -> int:
                return await ask_page(app, token)

            yield page


async def signed_in(app: Any) -> str:
    """An access token of the first of the demo's people."""
    given = {"query": _LOGIN, "variables": {"l": PEOPLE[0].handle, "p": PASSWORD}}
    login = json.loads(await post(app, json.dumps(given).encode()))
    token: str = login["data"]["login"]["session"]["accessToken"]
    return token


async def ask_page(app: Any, token: str) -> int:
    """One page, looked at; how many posts it has."""
    told = await post(app, _ASKED, authorization=f"Bearer {token}")
    answer = _read(told)
    if answer.errors is not msgspec.UNSET or not answer.data.feed.edges:
        raise RuntimeError(f"The page is not what it should be: {told[:500]!r}")
    return len(answer.data.feed.edges)


_ASKED = json.dumps({"query": _FEED}).encode()
_read = msgspec.json.Decoder(_Answer).decode


async def post(app: Any, content: bytes, **headers: str) -> bytes:
    """A request's answer; the app is called as its server would call it."""
    sent: list[bytes] = []
    given = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    given += [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": [*given, (b"host", b"product")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    asked = iter([{"type": "http.request", "body": content, "more_body": False}])

    async def receive() -> dict[str, Any]:
        message = next(asked, None)
        return message if message is not None else await asyncio.get_running_loop().create_future()

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message.get("body", b""))

    await app(scope, receive, send)
    return b"".join(sent)
