"""Messages in two real browsers: written from a profile, read where they are, and counted until they are."""

from __future__ import annotations

import secrets
from urllib.parse import unquote

import pytest
from playwright.async_api import Browser, Page, expect

from subgraphs.kit.domain.demo import PASSWORD
from tests.end_to_end.web.asked import elsewhere
from tests.end_to_end.web.visits import Account, Product, SignIn, Visits, browsing

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_READ = "query ($id: ID!) { conversation(id: $id) { messages(last: 9) { edges { node { body } } } } }"


async def say(page: Page, words: str) -> None:
    await page.get_by_label("Write a message").fill(words)
    await page.get_by_role("button", name="Send").click()


async def test_two_people_write_to_each_other_and_see_it_at_once(
    visits: Visits, browser: Browser, product: Product, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page("/u/kemi")
    await sign_in(page, account)
    await page.get_by_role("button", name="Message").click()
    await expect(page.get_by_text("Say something first.")).to_be_visible()
    hello = f"Hello, {secrets.token_hex(4)}"
    await say(page, hello)
    await expect(page.get_by_role("list", name="Messages").get_by_text(hello)).to_be_visible()

    async with browsing(browser) as context:
        other = await context.new_page()
        await other.goto(product.url)
        await sign_in(other, Account("kemi", "Kemi", PASSWORD))
        await other.get_by_role("link", name="Messages", exact=True).click()
        talks = other.get_by_role("list", name="Conversations").get_by_role("listitem")
        talk = talks.filter(has_text=hello)
        await expect(talk).to_contain_text("1 unread")
        async with other.expect_response(lambda r: "MarkRead" in (r.request.post_data or "")) as read:
            await talk.get_by_role("link").click()
        await expect(other.get_by_role("list", name="Messages").get_by_text(hello)).to_be_visible()
        assert (await read.value).ok
        back = f"Hello yourself, {secrets.token_hex(4)}"
        await say(other, back)
        await expect(page.get_by_role("list", name="Messages").get_by_text(back)).to_be_visible()
        await other.go_back()
        await expect(talks.filter(has_text=back)).not_to_contain_text("unread")


async def test_earlier_messages_come_when_they_are_asked_for(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page("/u/kemi")
    await sign_in(page, account)
    await page.get_by_role("button", name="Message").click()
    messages = page.get_by_role("list", name="Messages").get_by_role("listitem")
    for number in range(1, 33):
        await say(page, f"Number {number}.")
        await expect(messages).to_have_count(number)
    await page.reload()
    await expect(messages).to_have_count(30)
    await page.get_by_role("button", name="Earlier ones").click()
    await expect(messages).to_have_count(32)
    await expect(messages.first).to_contain_text("Number 1.")


async def test_a_message_of_ones_own_is_deleted_for_both(
    visits: Visits, product: Product, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page("/u/kemi")
    await sign_in(page, account)
    await page.get_by_role("button", name="Message").click()
    await say(page, "Not like this")
    await say(page, "But like that")
    messages = page.get_by_role("list", name="Messages").get_by_role("listitem")
    await expect(messages).to_have_count(2)
    await messages.first.get_by_role("button", name="Delete").click()
    await messages.first.get_by_role("button", name="Delete").click()
    await expect(messages.first).to_contain_text("Deleted")
    await expect(messages.first).to_be_focused()
    await expect(messages.first.get_by_role("button")).to_have_count(0)
    kemi = await elsewhere(product.url, Account("kemi", "Kemi", PASSWORD))
    read = await kemi.ask(_READ, id=unquote(page.url.rpartition("/")[2]))
    bodies = [edge["node"]["body"] for edge in read["conversation"]["messages"]["edges"]]
    assert bodies == [None, "But like that"]
