"""GraphiQL in a real browser, cut off from everything but the product."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.end_to_end.web.asked import elsewhere
from tests.end_to_end.web.visits import PATIENCE, Account, Product, SignIn, Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SEVERAL = """# query Commented { __typename }
query First { first: __typename }
query Second($with: Boolean!) { second: __typename third: __typename @include(if: $with) }
"""
_LATER = "{ feed(kind: EXPLORE, first: 1) { edges { node { id ... @defer { author { displayName } } } } } }"
_CREATE = """mutation ($body: String!) {
  createPost(input: {body: $body, visibility: PUBLIC}) { userErrors { code } } }"""


@pytest.fixture
async def alone(visits: Visits) -> AsyncIterator[Visits]:
    """A browser that reaches the product and nothing else; at the end nothing else was asked for."""
    refused: list[str] = []

    async def own(route: Route) -> None:
        if route.request.url.startswith(visits.url):
            await route.continue_()
        else:
            refused.append(route.request.url)
            await route.abort()

    await visits.context.route("**", own)
    yield visits
    assert refused == []


async def _opened(visits: Visits, query: str | None = None, **more: str) -> Page:
    given = {} if query is None else {"query": query, **more}
    page = await visits.page(f"/graphql?{urlencode(given)}" if given else "/graphql")
    await _is_shown(page)
    return page


async def _is_shown(page: Page) -> None:
    await expect(_editor(page).locator(".view-line").first).not_to_be_empty()


def _editor(page: Page) -> Locator:
    return page.locator(".graphiql-query-editor")


def _answer(page: Page) -> Locator:
    return page.locator(".graphiql-response .view-lines")


async def _focused(page: Page) -> None:
    await _editor(page).click()
    await expect(_editor(page).get_by_role("textbox")).to_be_focused()


async def _run(page: Page) -> None:
    await page.get_by_role("button", name="Execute query").click()


async def test_the_first_operation_that_is_shown_answers_with_posts(alone: Visits) -> None:
    page = await _opened(alone)
    await expect(_editor(page)).to_contain_text("feed(kind: EXPLORE, first: 2)")
    await _run(page)
    await expect(_answer(page)).to_contain_text('"displayName"')
    await expect(_answer(page)).not_to_contain_text('"errors"')


async def test_what_the_graph_does_not_have_is_marked_and_what_it_has_is_offered(alone: Visits) -> None:
    page = await _opened(alone, "{ fee }")
    # By then the editor knows the graph.
    await expect(_editor(page).locator(".squiggly-error").first).to_be_visible()
    await _focused(page)
    # Nothing is typed: that offers by itself, and asked once more what is offered shows its documentation.
    await page.keyboard.press("Control+Home")
    for _ in "{ fee":
        await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Control+Space")
    await expect(page.get_by_role("option", name="feed", exact=True)).to_be_visible()


async def test_what_is_refused_is_shown_with_its_code(alone: Visits) -> None:
    page = await _opened(alone, "{ nowhere }")
    await _run(page)
    await expect(_answer(page)).to_contain_text('"code": "GRAPHQL_VALIDATION_FAILED"')


async def test_an_operation_is_prettified_with_its_variables_and_comments(alone: Visits) -> None:
    page = await _opened(
        alone, "query A($a:Boolean){__typename @include(if:$a)} # why", variables='{"a":true}'
    )
    variables = page.get_by_role("region", name="Variables")
    await expect(variables).to_contain_text('{"a":true}')
    await page.get_by_role("button", name="Prettify query").click()
    await expect(_editor(page)).to_contain_text("query A($a: Boolean) {")
    await expect(_editor(page)).to_contain_text("# why")
    await expect(variables).to_contain_text('"a": true')


async def test_the_documentation_finds_a_type_by_its_name(alone: Visits) -> None:
    page = await _opened(alone)
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    documentation = page.get_by_role("region", name="Documentation Explorer")
    await expect(documentation.get_by_role("link", name="Query", exact=True)).to_be_visible()
    await documentation.get_by_role("combobox").fill("ResponsiveSi")
    await page.get_by_role("option", name="ResponsiveSizes", exact=True).click()
    await expect(documentation.get_by_role("link", name="thumbnail")).to_be_visible()


async def test_of_several_operations_in_an_address_the_one_it_names_runs(alone: Visits) -> None:
    variables = json.dumps({"with": True})
    page = await _opened(alone, _SEVERAL, variables=variables, operationName="Second")
    await expect(_editor(page).get_by_role("textbox")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    for name in ("second", "third"):
        await expect(_answer(page)).to_contain_text(f'"{name}": "Query"')


async def test_a_link_to_an_operation_opens_it(alone: Visits) -> None:
    page = await _opened(alone, _SEVERAL, operationName="First")
    # By then its operation is chosen, and the cursor will not go there any more.
    await expect(_editor(page).get_by_role("textbox")).to_be_focused()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("# ours")
    await page.get_by_role("button", name="Copy link").click()
    await expect(page).to_have_url(re.compile("query=.*ours.*operationName="))
    await page.evaluate("localStorage.clear()")
    other = await alone.page(page.url.removeprefix(alone.url))
    await expect(_editor(other)).to_contain_text("# ours")


async def test_an_answer_that_comes_in_parts_is_shown_whole(alone: Visits) -> None:
    page = await _opened(alone, _LATER)
    async with page.expect_response(lambda r: "@defer" in (r.request.post_data or "")) as answered:
        await _run(page)
    assert (await (await answered.value).all_headers())["content-type"].startswith("multipart/mixed")
    await expect(_answer(page)).to_contain_text('"displayName"')
    await expect(_answer(page)).not_to_contain_text('"errors"')


async def test_a_subscription_tells_whoever_is_signed_in_of_their_posts(
    alone: Visits, sign_in: SignIn, account: Account, product: Product
) -> None:
    await sign_in(await alone.page(), account)
    page = await alone.context.new_page()
    await page.goto(f"{alone.url}/graphql?{urlencode({'query': 'subscription { feedUpdated { body } }'})}")
    await _is_shown(page)
    await _run(page)
    body = f"Told, {secrets.token_hex(6)}"
    writer = await elsewhere(product.url, account)
    # Nobody says when the server has begun to listen: what is written before that is told to nobody.
    async with asyncio.timeout(PATIENCE):
        while await _answer(page).filter(has_text=body).count() == 0:
            await writer.ask(_CREATE, body=body)
    await page.get_by_role("button", name="Stop query").click()
    await expect(page.get_by_role("button", name="Execute query")).to_be_visible()
