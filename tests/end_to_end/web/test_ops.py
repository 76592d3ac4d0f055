"""The operators' page in a browser, before a product in which one resolver is slow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import strawberry
from playwright.async_api import Browser, Page, expect
from prometheus_client import CollectorRegistry

from gateway.telemetry.metrics import GatewayMetrics
from infra.domains import DOMAINS
from infra.migrate import migrate
from infra.product import open_product
from infra.seeding import seed
from infra.servers import Servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from infra.telemetry import open_telemetry
from subgraphs.kit.demo import PASSWORD
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.schema import build_schema
from tests.gateway.edge.serving import served

pytestmark = pytest.mark.browser

_LOGIN = """mutation ($l: String!, $p: String!) { login(input: {login: $l, password: $p}) {
  session { accessToken refreshToken expiresAt } } }"""
_SNAIL_SECONDS = 1.5


@strawberry.type
class Query:
    """In the place of the ai domain's."""

    @strawberry.field
    async def snail(self) -> int:
        await asyncio.sleep(_SNAIL_SECONDS)
        return 1


@dataclass
class _Watched:
    url: str

    async def ask(self, query: str, variables: Any = None, token: str = "") -> Any:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(timeout=30) as client:
            body = {"query": query, "variables": variables or {}}
            return (await client.post(f"{self.url}/graphql", json=body, headers=headers)).json()["data"]

    async def sign_in(self, login: str) -> dict[str, Any]:
        session = (await self.ask(_LOGIN, {"l": login, "p": PASSWORD}))["login"]["session"]
        return {**session, "goodUntil": 32503680000000}


@pytest.fixture(scope="module")
async def watched(
    database_url: Callable[[str], str], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[_Watched]:
    """The product in this process, with people and a snail."""
    settings = Settings.from_environment({"LETS_CONNECT_HOME": str(tmp_path_factory.mktemp("watched"))})
    servers = Servers({name: database_url(name) for name in DOMAINS}, redis_url)
    registry = CollectorRegistry()
    gateway = GatewayMetrics(registry)
    metrics = Metrics(registry, errors=gateway.errors.metric, http=gateway.http_duration.metric)
    found = load_domains()
    slow = [replace(d, schema=build_schema(Query, types=[])) if d.name == "ai" else d for d in found]
    await migrate(slow, servers)
    async for _ in seed([d for d in slow if d.name == "user"], settings, servers, metrics, "demo"):
        pass
    observing = open_telemetry("lets-connect", settings.gateway, registry, joined=True)
    async with (
        observing as telemetry,
        open_product(settings, servers, slow, gateway, metrics, telemetry) as app,
        served(app) as port,
    ):
        yield _Watched(f"http://127.0.0.1:{port}")


@asynccontextmanager
async def _page(browser: Browser, watched: _Watched, login: str | None) -> AsyncIterator[Page]:
    """A browser in which somebody has signed in, or nobody."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    if login is not None:
        session = json.dumps(json.dumps(await watched.sign_in(login)))
        await context.add_init_script(f"localStorage.setItem('lets-connect.session', {session})")
    # The databases may know pictures of other tests, which lie in folders of theirs.
    await context.route("**/images/**", lambda route: route.fulfill(content_type="image/webp", body=b""))
    yield await context.new_page()
    await context.close()


async def test_a_slow_resolver_is_the_first_row_within_ten_seconds(
    browser: Browser, watched: _Watched
) -> None:
    async with _page(browser, watched, "operator") as page:
        logged: list[str] = []
        page.on("console", lambda message: logged.append(message.text))
        async with page.expect_response("**/api/ops/page") as passed:
            await page.goto(f"{watched.url}/search")
            await page.get_by_role("link", name="Operations").wait_for()
        assert (await passed.value).status == 204
        opened = await page.goto(f"{watched.url}/ops")
        assert opened is not None
        assert opened.status == 200
        first = page.get_by_role("table", name="Latency of each resolver").locator("tbody tr").first
        await expect(first).to_contain_text("user")
        slow = asyncio.gather(*(watched.ask("query Snail { snail }") for _ in range(4)))
        await expect(first.get_by_role("rowheader")).to_have_text("ai Query.snail", timeout=10_000)
        assert await slow == [{"snail": 1}] * 4

        plan = page.get_by_role("list", name="The fetches of Snail")
        await expect(plan.get_by_role("listitem")).to_contain_text("ai for root fields: 1.5")
        spans = page.get_by_role("table", name="The spans of one trace")
        await expect(spans.get_by_role("rowheader", name="fetch ai")).to_be_visible()
        await expect(page.get_by_role("region", name="Alerts")).to_contain_text("ai: Query.snail is slow")

        names = page.get_by_role("columnheader", name="Resolver")
        await names.get_by_role("button").press("Enter")
        await expect(names).to_have_attribute("aria-sort", "ascending")
        await expect(first.get_by_role("rowheader")).to_have_text("ai Query.snail")
        await names.get_by_role("button").press("Enter")
        await expect(names).to_have_attribute("aria-sort", "descending")
        await expect(first.get_by_role("rowheader")).not_to_have_text("ai Query.snail")
        assert logged == []


@pytest.mark.parametrize(("login", "status"), [(None, 401), ("ada", 401)])
async def test_for_anybody_else_nothing_is_there_and_nothing_is_asked(
    browser: Browser, watched: _Watched, login: str | None, status: int
) -> None:
    async with _page(browser, watched, login) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        opened = await page.goto(f"{watched.url}/ops")
        assert opened is not None
        assert opened.status == status
        await page.get_by_role("heading", name="Nothing is here").wait_for()
        assert await page.get_by_role("link", name="Operations").count() == 0
        assert [url for url in asked if "/api/ops" in url] == []
