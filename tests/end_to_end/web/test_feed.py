"""Home in a real browser: signing in, sharing, and posts that arrive by themselves."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.async_api import FilePayload, Locator, Page, Response, expect

from tests.end_to_end.web.visits import Account, SignIn, Visits
from tests.media_core.films import film

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_LOAD_BYTES = 250_000


def posts(page: Page) -> Locator:
    return page.get_by_role("feed").get_by_role("article")


async def share(page: Page, body: str) -> None:
    await page.get_by_label("What would you like to share?").fill(body)
    await page.get_by_role("button", name="Post").click()


async def test_a_visitor_reads_the_public_feed_and_finds_the_way_in(visits: Visits) -> None:
    page = await visits.page()
    await expect(page.get_by_role("feed", name="Public feed")).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_role("textbox")).to_have_count(0)
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await expect(page.get_by_label("Name or e-mail")).to_be_editable()
    await expect(page.get_by_label("Password")).to_be_editable()


async def test_a_post_appears_in_the_feed_and_the_session_survives_a_reload(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    body = f"Hello, {secrets.token_hex(6)}"
    await share(page, body)
    await expect(posts(page).first).to_contain_text(body)
    await expect(posts(page).first).to_contain_text(account.name)

    await page.reload()
    await expect(page.get_by_role("button", name="Post")).to_be_visible()
    await expect(posts(page).filter(has_text=body)).to_have_count(1)

    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Post")).to_have_count(0)


async def test_a_new_post_arrives_in_another_window_by_itself(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    other = await visits.context.new_page()
    sent: list[str | bytes] = []
    other.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    await other.goto(visits.url)
    while not any('"subscribe"' in str(frame) for frame in sent):
        await other.wait_for_timeout(20)
    body = f"Over there, {secrets.token_hex(6)}"
    await share(page, body)
    await expect(posts(other).filter(has_text=body)).to_have_count(1)
    await expect(posts(page).filter(has_text=body)).to_have_count(1)


async def test_a_post_takes_a_picture_reactions_and_comments_and_goes_when_deleted(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    picture: FilePayload = {"name": "dawn.jpg", "mimeType": "image/jpeg", "buffer": photograph}
    await page.locator("input[type=file]").set_input_files(picture)
    await page.get_by_label("Describe dawn.jpg").fill("Discs at dawn")
    await page.get_by_label("What would you like to share?").fill("With a picture")
    await page.get_by_role("button", name="Post").click()
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
    await expect(page.get_by_role("button", name="Post")).to_be_visible()


async def test_an_account_is_made_at_the_door(visits: Visits) -> None:
    page = await visits.page()
    await page.get_by_role("link", name="Create an account").click()
    handle = f"door_{secrets.token_hex(4)}"
    await page.get_by_label("Your name").fill("Dora Door")
    await page.get_by_label("Handle").fill(handle)
    await page.get_by_label("E-mail").fill(f"{handle}@example.org")
    await page.get_by_label("Password").fill("a long enough password")
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("button", name="Post")).to_be_visible()
    await page.get_by_role("link", name="Dora Door").click()
    await expect(page.get_by_role("heading", name="Dora Door")).to_be_visible()


async def test_two_windows_with_an_expired_token_trade_the_refresh_token_once_and_stay_signed_in(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    other = await visits.page()
    await expect(other.get_by_role("button", name="Post")).to_be_visible()
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
        await expect(window.get_by_role("button", name="Post")).to_be_visible()
        await expect(window.get_by_role("link", name=account.name).first).to_be_visible()
    assert traded == ["one"]


async def test_the_first_load_is_light(visits: Visits) -> None:
    page = await visits.context.new_page()
    scripts: list[Response] = []
    page.on(
        "response",
        lambda answer: scripts.append(answer) if answer.request.resource_type == "script" else None,
    )
    await page.goto(visits.url, wait_until="networkidle")
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
