"""The operators' page in a browser, before a product in which one resolver is slow."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest
import strawberry
from playwright.async_api import Browser, Route, expect

from infra.domains import DOMAINS
from infra.servers import Servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from subgraphs.kit.graph.schema import build_schema
from tests.end_to_end.web.watched import Watched, open_watched, visiting

pytestmark = pytest.mark.browser

_LOOKS = 5
"""Of the product's within ten seconds: one in two."""
_LOOKS_UNTIL_FIRST = """([name, most]) => new Promise((seen) => {
  const page = document.querySelector('.ops');
  let looks = -1;
  const look = () => {
    looks += 1;
    const first = page.querySelector('.ops-resolvers tbody th')?.innerText;
    if (first === name || looks > most) seen(looks);
  };
  new MutationObserver(look).observe(page.querySelector('.page-head p'), { characterData: true, childList: true, subtree: true });
  look();
})"""
"""How many more of them the page has shown before a resolver was its first row."""
_SNAIL_SECONDS = 5.0
"""More than anybody's first call takes, a password's check on a busy machine among them."""


@strawberry.type
class Query:
    """In the place of the ai domain's."""

    @strawberry.field
    async def snail(self) -> int:
        await asyncio.sleep(_SNAIL_SECONDS)
        return 1

    @strawberry.field
    async def broken(self) -> int:
        raise RuntimeError


@pytest.fixture(scope="module")
async def watched(
    database_url: Callable[[str], str], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Watched]:
    """The product in this process, with people and a snail."""
    settings = Settings.from_environment({"LETS_CONNECT_HOME": str(tmp_path_factory.mktemp("watched"))})
    servers = Servers({name: database_url(name) for name in DOMAINS}, redis_url)
    found = load_domains()
    slow = [replace(d, schema=build_schema(Query, types=[])) if d.name == "ai" else d for d in found]
    async with open_watched(settings, servers, slow) as watched:
        yield watched


@asynccontextmanager
async def _asked(ask: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """From the first answer to the end of the block again and again, so that the last minute has enough of it however long
    it takes to look.
    """
    answered = asyncio.Event()

    async def again() -> None:
        while True:
            await ask()
            answered.set()

    async with asyncio.TaskGroup() as group:
        asking = group.create_task(again())
        await answered.wait()
        yield
        asking.cancel()


async def test_a_slow_resolver_is_the_first_row_within_ten_seconds(
    browser: Browser, watched: Watched
) -> None:
    token = (await watched.sign_in("ada"))["accessToken"]

    async def pass_by() -> None:
        assert (await watched.ask("{ viewer { handle } }", token=token))["viewer"] == {"handle": "ada"}
        await asyncio.sleep(1)

    async def slow() -> None:
        assert await watched.ask("query Snail { snail }") == {"snail": 1}

    async with visiting(browser, watched, "operator") as page, AsyncExitStack() as stack:
        # However long it takes, something else has run in the last minute, too.
        await stack.enter_async_context(_asked(pass_by))
        logged: list[str] = []
        page.on("console", lambda message: logged.append(message.text))
        async with page.expect_response("**/api/ops/page") as passed:
            await page.goto(f"{watched.url}/search")
            await page.get_by_role("link", name="Operations").wait_for()
        assert (await passed.value).status == 204
        opened = await page.goto(f"{watched.url}/ops")
        assert opened is not None
        assert opened.status == 200
        resolvers = page.get_by_role("table", name="Latency of each resolver")
        first = resolvers.locator("tbody tr").first
        # Which is first until then depends on the machine: any domain's first call may be its slowest.
        await expect(resolvers).to_contain_text("user Query.viewer")
        await stack.enter_async_context(_asked(slow))
        assert await page.evaluate(_LOOKS_UNTIL_FIRST, ["ai Query.snail", _LOOKS]) <= _LOOKS

        search = page.get_by_role("searchbox", name="Find a resolver")
        await search.fill("no such field")
        await expect(
            page.get_by_text("None of those that ran in the last minute is called so.")
        ).to_be_visible()
        await search.fill("")
        await expect(first.get_by_role("rowheader")).to_have_text("ai Query.snail")
        await page.set_viewport_size({"width": 390, "height": 844})
        parts = page.get_by_role("navigation", name="On this page")
        await parts.get_by_role("link", name="Durations").press("Enter")
        heat = page.get_by_role("region", name="Durations over time").get_by_role("img")
        await expect(heat).to_be_in_viewport()
        now = heat.locator("text").get_by_text("now")
        await expect(now).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.set_viewport_size({"width": 1280, "height": 900})

        plan = page.get_by_role("list", name="The fetches of Snail")
        await expect(plan.get_by_role("listitem")).to_contain_text(
            re.compile(r"ai for root fields: ([5-9]|\d\d)(\.\d+)? s")
        )
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


async def test_what_somebody_saw_fail_is_found_by_the_number_it_was_told_with(
    browser: Browser, watched: Watched
) -> None:
    async with visiting(browser, watched, "ada") as visitor:
        parents: list[str] = []
        searched = asyncio.Event()

        async def breaking(route: Route) -> None:
            body = json.loads(route.request.post_data or "{}")
            if body.get("operationName") == "Search":
                parents.append(route.request.headers["traceparent"])
                body = {"operationName": "Search", "query": "query Search { broken }"}
                searched.set()
            # The page asks for nothing more once it has searched: before that it has not loaded.
            await searched.wait()
            await route.continue_(post_data=json.dumps(body))

        await visitor.route("**/graphql", breaking)
        async with visitor.expect_response("**/api/spans") as told:
            await visitor.goto(f"{watched.url}/search?q=slow")
            number = await visitor.get_by_role("alert").get_by_role("code").inner_text()
        assert re.fullmatch(rf"00-{number}-[0-9a-f]{{16}}-00", parents[0])
        assert (await told.value).status == 204
    async with visiting(browser, watched, "operator") as page:
        await page.goto(f"{watched.url}/ops")
        field = page.get_by_role("searchbox", name="Find a trace by its number")
        await field.fill("not a number")
        await field.press("Enter")
        await expect(page.get_by_text("32 digits from 0 to f")).to_be_visible()
        await field.fill("f" * 32)
        await field.press("Enter")
        await expect(page.get_by_text(f"No process remembers the trace {'f' * 32}")).to_be_visible()
        await field.fill(number)
        await page.get_by_role("button", name="Find").click()
        await expect(page.get_by_role("heading", name="Trace of query Search")).to_be_visible()
        rows = page.get_by_role("table", name="The spans of one trace").locator("tbody tr")
        await expect(rows.first).to_contain_text("load")
        await expect(
            rows.filter(has_text="POST /graphql").filter(has_text="lets-connect").first
        ).to_be_visible()
        spans = await rows.evaluate_all(
            "rows => rows.map(({children: [name, service]}) => [name.dataset.depth, name.innerText, service.innerText])"
        )
        assert spans[0] == ["0", "load", "web"]
        request = spans.index(["2", "POST /graphql", "lets-connect"])
        assert spans[request - 1] == ["1", "POST /graphql", "web"]


async def test_a_subscription_of_a_page_is_told_of_when_the_page_goes(
    browser: Browser, watched: Watched
) -> None:
    async with visiting(browser, watched, "ada") as visitor:
        subscribed = asyncio.Event()

        async def breaking(route: Route) -> None:
            body = json.loads(route.request.post_data or "{}")
            if body.get("operationName") == "Feed":
                body = {"operationName": "Feed", "query": "query Feed { broken }"}
            # While anything is under way, what is asked for is the load's.
            await subscribed.wait()
            await route.continue_(post_data=json.dumps(body))

        await visitor.route("**/graphql", breaking)

        def sent(frame: str | bytes) -> None:
            if json.loads(frame)["type"] == "subscribe":
                subscribed.set()

        visitor.on("websocket", lambda socket: socket.on("framesent", sent))
        async with visitor.expect_response("**/api/spans") as told:
            await visitor.goto(watched.url)
        load = json.loads((await told.value).request.post_data or "{}")
        assert (load["deed"], load["again"], load["streams"]) == ("load", False, [])
        await subscribed.wait()
        await visitor.goto("about:blank")
    async with visiting(browser, watched, "operator") as page:
        await page.goto(f"{watched.url}/ops")
        await page.get_by_role("searchbox", name="Find a trace by its number").fill(load["trace"])
        await page.get_by_role("button", name="Find").click()
        rows = page.get_by_role("table", name="The spans of one trace").locator("tbody tr")
        await expect(rows.filter(has_text="web").filter(has_text="subscription")).to_have_count(1)


async def test_five_thousand_resolvers_are_a_page_at_a_time_in_order_and_found_by_name(
    browser: Browser, watched: Watched
) -> None:
    async with visiting(browser, watched, "operator") as page:
        with watched.busy(5_000):
            await page.goto(f"{watched.url}/ops")
            table = page.get_by_role("table", name="Latency of each resolver")
            rows = table.locator("tbody tr")
            pages = page.get_by_role("navigation", name="Pages of resolvers")
            await expect(pages).to_contain_text(re.compile(r"1 to 50 of 50\d\d"))
            await expect(rows).to_have_count(50)
            await table.get_by_role("button", name="Resolver").click()
            await expect(rows.first.get_by_role("rowheader")).to_have_text(
                re.compile("^(ai|content|user|service0) ")
            )
            await page.get_by_role("searchbox", name="Find a resolver").fill("Type99.field4999")
            await expect(rows).to_have_count(1)
            await expect(rows.first.get_by_role("rowheader")).to_have_text("service1 Type99.field4999")
            await rows.first.get_by_role("button").click()
            heat = page.get_by_role("region", name="Durations over time")
            await expect(heat).to_contain_text("field4999")


@pytest.mark.parametrize(("login", "status"), [(None, 401), ("ada", 401)])
async def test_for_anybody_else_nothing_is_there_and_nothing_is_asked(
    browser: Browser, watched: Watched, login: str | None, status: int
) -> None:
    async with visiting(browser, watched, login) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        opened = await page.goto(f"{watched.url}/ops")
        assert opened is not None
        assert opened.status == status
        await page.get_by_role("heading", name="Nothing is here").wait_for()
        await expect(page.get_by_role("link", name="Operations")).to_have_count(0)
        assert [url for url in asked if "/api/ops" in url] == []
