"""A product that operators watch: in this process, with people, and with whatever a test puts into its place."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.async_api import Browser, Page
from prometheus_client import CollectorRegistry

from gateway.telemetry.metrics import GatewayMetrics
from infra.migrate import migrate
from infra.product import open_product
from infra.seeding import seed
from infra.servers import Servers
from infra.settings import Settings
from infra.telemetry import open_telemetry
from subgraphs.kit.domain.declaration import Domain
from subgraphs.kit.domain.demo import PASSWORD
from subgraphs.kit.telemetry.metrics import Metrics
from tests.end_to_end.web.visits import PATIENCE, browsing
from tests.gateway.edge.serving import served
from tests.infra.ops.cells import ran

__all__ = ["Watched", "open_watched", "visiting"]

_LOGIN = """mutation ($l: String!, $p: String!) { login(input: {login: $l, password: $p}) {
  session { accessToken refreshToken expiresAt } } }"""


@dataclass
class Watched:
    """Where it is, and what it counts."""

    url: str
    metrics: Metrics

    async def ask(self, query: str, variables: Any = None, token: str = "") -> Any:
        """The answer's data."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            body = {"query": query, "variables": variables or {}}
            return (await client.post(f"{self.url}/graphql", json=body, headers=headers)).json()["data"]

    async def sign_in(self, login: str) -> dict[str, Any]:
        """A session as the web app keeps it."""
        session = (await self.ask(_LOGIN, {"l": login, "p": PASSWORD}))["login"]["session"]
        return {**session, "goodUntil": 32503680000000}

    @contextmanager
    def busy(self, fields: int, every: float = 0.5) -> Iterator[None]:
        """So many resolvers, of a hundred types in seven services, each of which runs again and again: the higher its
        number, the longer."""
        cells = [
            self.metrics.resolvers.cell(f"service{n % 7}", f"Type{n % 100}", f"field{n}")
            for n in range(fields)
        ]
        over = threading.Event()

        def run() -> None:
            while not over.wait(every):
                for n, cell in enumerate(cells):
                    ran(cell, 10.0 + 10.0 * n / fields)

        running = threading.Thread(target=run)
        running.start()
        try:
            yield
        finally:
            over.set()
            running.join()


@asynccontextmanager
async def open_watched(
    settings: Settings, servers: Servers, domains: Sequence[Domain]
) -> AsyncIterator[Watched]:
    """Until the end of the block."""
    registry = CollectorRegistry()
    gateway = GatewayMetrics(registry)
    metrics = Metrics(registry, errors=gateway.errors.metric, http=gateway.http_duration)
    await migrate(domains, servers)
    async for _ in seed([d for d in domains if d.name == "user"], settings, servers, metrics, "demo"):
        pass
    observing = open_telemetry("lets-connect", settings.gateway, registry, joined=True)
    async with (
        observing as telemetry,
        open_product(settings, servers, domains, gateway, metrics, telemetry) as app,
        served(app) as port,
    ):
        yield Watched(f"http://127.0.0.1:{port}", metrics)


@asynccontextmanager
async def visiting(browser: Browser, watched: Watched, login: str | None) -> AsyncIterator[Page]:
    """A browser in which somebody has signed in, or nobody."""
    async with browsing(browser) as context:
        if login is not None:
            session = json.dumps(json.dumps(await watched.sign_in(login)))
            await context.add_init_script(f"localStorage.setItem('lets-connect.session', {session})")
        # The databases may know pictures of other tests, which lie in folders of theirs.
        await context.route("**/images/**", lambda route: route.fulfill(content_type="image/webp", body=b""))
        yield await context.new_page()
