"""Home in a real browser: signing in, sharing, and posts that arrive by themselves."""

from __future__ import annotations

import asyncio
import re
import secrets

import pytest
from playwright.async_api import FilePayload, Locator, Page, Response, Route, expect

from tests.end_to_end.web.asked import elsewhere
from tests.end_to_end.web.visits import PATIENCE, Account, SignIn, SignOut, Visits
from tests.media_core.films import film

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_LOAD_BYTES = 250_000

_POST = "mutation ($body: String!) { createPost(input: {body: $body}) { userErrors { message } } }"


def posts(page: Page) -> Locator:
    return page.get_by_role("feed").get_by_role("article")


def me(page: Page, account: Account) -> Locator:
    return page.get_by_role("navigation", name="Account").get_by_role("link", name=account.name)


async def share(page: Page, body: str) -> None:
    await page.get_by_label("What would you like to share?").fill(body)
    await page.get_by_role("button", name="Post", exact=True).click()


async def test_a_visitor_reads_the_public_feed_and_finds_the_way_in(visits: Visits) -> None:
    page = await visits.page()
    await expect(page.get_by_role("feed", name="Public feed")).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_role("textbox")).to_have_count(0)
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await expect(page.get_by_label("Name or e-mail")).to_be_editable()
    await expect(page.get_by_label("Password")).to_be_editable()


async def test_a_post_appears_in_the_feed_and_the_session_survives_a_reload(
    visits: Visits, sign_in: SignIn, sign_out: SignOut, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    body = f"Hello, {secrets.token_hex(6)}"
    await share(page, body)
    await expect(posts(page).first).to_contain_text(body)
    await expect(posts(page).first).to_contain_text(account.name)

    await page.reload()
    await expect(page.get_by_role("button", name="Post", exact=True)).to_be_visible()
    await expect(posts(page).filter(has_text=body)).to_have_count(1)

    await sign_out(page)
    await expect(page.get_by_role("button", name="Post", exact=True)).to_have_count(0)


async def test_a_new_post_arrives_in_another_window_by_itself(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    other = await visits.page()
    await expect(other.get_by_role("feed", name="Your feed")).to_have_attribute("aria-busy", "false")
    words = f"Over there, {secrets.token_hex(6)}"
    arrived = posts(other).filter(has_text=words)
    shared = 0
    # Nobody says when the server has begun to listen for the other window: what is shared before, it is not told of.
    async with asyncio.timeout(PATIENCE):
        while await arrived.count() == 0:
            shared += 1
            await share(page, f"{words}: {shared}.")
            await expect(posts(page).filter(has_text=words)).to_have_count(shared)
    # None comes twice, neither there nor where it was written.
    await expect(posts(other).filter(has_text=f"{words}: {shared}.")).to_have_count(1)
    await expect(posts(page).filter(has_text=words)).to_have_count(shared)


async def held_back(page: Page, operation: str, until: asyncio.Event) -> asyncio.Event:
    """The next answer to it, which the server has given, comes once the event is set; says when it is there."""
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        if answered.is_set() or f'"operationName":"{operation}"' not in (route.request.post_data or ""):
            await route.fallback()
            return
        answer = await route.fetch()
        answered.set()
        await until.wait()
        await route.fulfill(response=answer)

    await page.route("**/graphql", hold)
    return answered


async def test_a_post_that_is_shared_before_the_feed_is_there_stays_when_it_comes(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    feed = page.get_by_role("feed", name="Your feed")
    await expect(feed).to_have_attribute("aria-busy", "false")
    shared = asyncio.Event()
    answered = await held_back(page, "Feed", shared)
    await page.reload()
    await answered.wait()
    async with page.expect_response(lambda r: "CreatePost" in (r.request.post_data or "")) as created:
        await share(page, "Before all others")
    await (await created.value).finished()
    await expect(page.get_by_label("What would you like to share?")).to_have_value("")
    shared.set()
    await expect(feed).to_have_attribute("aria-busy", "false")
    await expect(posts(page).filter(has_text="Before all others")).to_have_count(1)


async def test_one_is_signed_out_at_once_however_long_the_server_takes(
    visits: Visits, sign_in: SignIn, sign_out: SignOut, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    over = asyncio.Event()
    told = await held_back(page, "Logout", over)
    await sign_out(page)
    await told.wait()
    async with page.expect_response(lambda r: "Logout" in (r.request.post_data or "")) as answered:
        over.set()
    await (await answered.value).finished()
    await page.reload()
    await expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


async def test_what_one_does_with_a_post_stands_when_an_older_answer_comes_later(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    await expect(page.get_by_role("feed", name="Your feed")).to_have_attribute("aria-busy", "false")
    writer = await elsewhere(visits.url, account)
    async with asyncio.timeout(PATIENCE):
        while await posts(page).filter(has_text="Is it listening?").count() == 0:
            await writer.ask(_POST, body="Is it listening?")
    told, liked = asyncio.Event(), asyncio.Event()
    # The window is told of its own post before it has the answer that made it.
    asked_for = await held_back(page, "PostById", liked)
    await held_back(page, "CreatePost", told)
    await share(page, "Told of early")
    await asked_for.wait()
    told.set()
    post = posts(page).filter(has_text="Told of early")
    await post.get_by_role("button", name="React").click()
    await post.get_by_role("button", name="Like").click()
    await expect(post.get_by_role("button", name="Like 1 reactions")).to_be_visible()
    async with page.expect_response(lambda r: "PostById" in (r.request.post_data or "")) as came:
        liked.set()
    await (await came.value).finished()
    await post.get_by_role("button", name="Comments").click()
    await expect(post.get_by_text("No comments yet.")).to_be_visible()
    await expect(post.get_by_role("button", name="Like 1 reactions")).to_be_visible()


async def test_a_post_takes_a_picture_reactions_and_comments_and_goes_when_deleted(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    picture: FilePayload = {"name": "dawn.jpg", "mimeType": "image/jpeg", "buffer": photograph}
    await page.locator("input[type=file]").set_input_files(picture)
    await page.get_by_label("Describe dawn.jpg").fill("Discs at dawn")
    await page.get_by_label("What would you like to share?").fill("With a picture")
    await page.get_by_role("button", name="Post", exact=True).click()
    post = posts(page).filter(has_text="With a picture")
    await expect(post.get_by_role("img", name="Discs at dawn")).to_be_visible()

    await post.get_by_role("button", name="React").click()
    await post.get_by_role("button", name="Love").click()
    await expect(post.get_by_role("button", name="Love 1 reactions")).to_be_visible()
    await post.get_by_role("button", name="Comments").click()
    await post.get_by_label("Write a comment").fill("Seen from here, too")
    await post.get_by_role("button", name="Send").click()
    await expect(post.get_by_text("Seen from here, too")).to_be_visible()

    acts = post.locator(".acts")
    await acts.get_by_role("button", name="Delete").click()
    await acts.get_by_role("button", name="Delete").click()
    await expect(post).to_have_count(0)


async def test_a_film_is_played_before_it_is_sent_and_in_the_post_it_is_sent_with(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    pytest.importorskip("av")
    page = await visits.page()
    await sign_in(page, account)
    recorded: FilePayload = {"name": "clip.webm", "mimeType": "video/webm", "buffer": film("live.webm")}
    await page.locator("input[type=file]").set_input_files(recorded)
    await page.get_by_label("Describe clip.webm").fill("A scene after the dark")
    chosen = page.get_by_role("list", name="Attached").locator("video")
    await expect(chosen).to_have_js_property("videoWidth", 320)
    await expect(chosen).to_have_attribute("aria-label", "A scene after the dark")
    await share(page, "With a film")
    shown = posts(page).filter(has_text="With a film").locator("video")
    await expect(shown).to_have_js_property("videoWidth", 320)
    await expect(shown).to_have_attribute("aria-label", "A scene after the dark")
    await expect(shown).to_have_attribute("preload", "metadata")
    await expect(shown).to_have_attribute("controls", "")
    await expect(shown).to_have_attribute("poster", re.compile("/images/.*/(large|small|medium)"))
    played = """film => new Promise((ended, failed) => {
      film.muted = true; film.onended = () => ended(film.currentTime); film.play().catch(failed); })"""
    assert 1.9 < await shown.evaluate(played) < 2.2


async def test_a_wrong_password_is_said_and_the_right_one_still_works(
    visits: Visits, account: Account
) -> None:
    page = await visits.page("/sign-in")
    await page.get_by_label("Name or e-mail").fill(account.handle)
    await page.get_by_label("Password").fill("not this one, surely")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert").filter(visible=True)).not_to_be_empty()
    await page.get_by_label("Password").fill(account.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Post", exact=True)).to_be_visible()


async def test_an_account_is_made_at_the_door(visits: Visits) -> None:
    page = await visits.page()
    await page.get_by_role("link", name="Create an account").click()
    handle = f"door_{secrets.token_hex(4)}"
    await page.get_by_label("Your name").fill("Dora Door")
    await page.get_by_label("Handle").fill(handle)
    await page.get_by_label("E-mail").fill(f"{handle}@example.org")
    await page.get_by_label("Password").fill("a long enough password")
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("button", name="Post", exact=True)).to_be_visible()
    await page.get_by_role("navigation", name="Account").get_by_role("link", name="Dora Door").click()
    await expect(page.get_by_role("heading", name="Dora Door")).to_be_visible()


async def test_two_windows_with_an_expired_token_trade_the_refresh_token_once_and_stay_signed_in(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    other = await visits.page()
    for window in (page, other):
        # Whatever they ask for at first has its token by then: a trade cut off by the reload would count as a theft.
        await expect(window.get_by_role("feed", name="Your feed")).to_have_attribute("aria-busy", "false")
        await expect(me(window, account)).to_be_visible()
    traded: list[str] = []
    visits.context.on(
        "request",
        lambda request: traded.append("one") if "RefreshSession" in (request.post_data or "") else None,
    )
    await page.evaluate(
        """() => {
            const record = JSON.parse(localStorage.getItem('lets-connect.session'));
            localStorage.setItem('lets-connect.session', JSON.stringify({ ...record, goodUntil: 0 }));
        }"""
    )
    await page.reload(wait_until="commit")
    await other.reload()
    for window in (page, other):
        await expect(window.get_by_role("button", name="Post", exact=True)).to_be_visible()
        await expect(me(window, account)).to_be_visible()
    assert traded == ["one"]


async def test_the_first_load_is_light(visits: Visits) -> None:
    page = await visits.context.new_page()
    scripts: list[Response] = []
    page.on(
        "response",
        lambda answer: scripts.append(answer) if answer.request.resource_type == "script" else None,
    )
    await page.goto(visits.url)
    await expect(page.get_by_role("feed", name="Public feed")).to_have_attribute("aria-busy", "false")
    sizes = [(await script.request.sizes())["responseBodySize"] for script in scripts]
    assert 0 < sum(sizes) <= FIRST_LOAD_BYTES
    assert {script.headers.get("content-encoding") for script in scripts} <= {"br", "gzip", "zstd"}


async def test_the_keyboard_reaches_the_content_past_the_navigation(visits: Visits) -> None:
    page = await visits.page()
    await expect(page.get_by_role("feed")).to_have_attribute("aria-busy", "false")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/media", "/sign-in", "/register", "/search", "/nowhere/at/all"])
async def test_every_page_opens_at_its_own_address_without_a_complaint(visits: Visits, path: str) -> None:
    page = await visits.page(path)
    await expect(page.locator("main")).not_to_be_empty()
    await page.wait_for_load_state("networkidle")
