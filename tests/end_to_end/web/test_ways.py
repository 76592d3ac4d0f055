"""Ways through the web app in a real browser: in and back, through pictures, by keyboard, and to a profile of one's own."""

from __future__ import annotations

import secrets
from urllib.parse import quote, unquote

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.end_to_end.web.asked import elsewhere
from tests.end_to_end.web.visits import Account, Product, SignIn, SignOut, Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_COMMENT = """mutation ($post: ID!, $body: String!) {
  addComment(input: {postId: $post, body: $body}) { userErrors { message } } }"""

_POST = (
    "mutation ($body: String!) { createPost(input: {body: $body}) { post { id } userErrors { message } } }"
)
_REPORT = "query ($id: ID!) { post(id: $id) { viewerReport { reason } } }"


def posts(page: Page) -> Locator:
    return page.get_by_role("feed").get_by_role("article")


def pictures(photograph: bytes, count: int) -> list[FilePayload]:
    return [
        {"name": f"{index}.jpg", "mimeType": "image/jpeg", "buffer": photograph}
        for index in range(1, count + 1)
    ]


async def test_signing_in_leads_back_to_where_one_was(visits: Visits, account: Account) -> None:
    page = await visits.page("/search?q=walnut")
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await page.get_by_label("Name or e-mail").fill(account.handle)
    await page.get_by_label("Password").fill(account.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Sign out").wait_for()
    await expect(page).to_have_url(visits.url + "/search?q=walnut")


async def test_what_is_written_stays_when_another_feed_is_chosen(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    await page.get_by_label("What would you like to share?").fill("Half a thought")
    await page.get_by_role("button", name="Explore").click()
    await expect(page.get_by_role("feed", name="Public feed")).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_label("What would you like to share?")).to_have_value("Half a thought")


async def test_every_picture_of_a_post_opens_whole_also_those_that_had_no_room(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    await page.locator("input[type=file]").set_input_files(pictures(photograph, 5))
    for index in range(1, 6):
        await page.get_by_label(f"Describe {index}.jpg").fill(f"Discs, {index}")
    await page.get_by_label("What would you like to share?").fill("Five of them")
    await page.get_by_role("button", name="Post", exact=True).click()
    post = posts(page).filter(has_text="Five of them")
    await post.get_by_role("button", name="Open: Discs, 4").click()
    shown = page.get_by_role("dialog", name="Pictures of the post")
    await expect(shown.get_by_role("img", name="Discs, 4")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(shown.get_by_role("img", name="Discs, 5")).to_be_visible()
    await expect(shown.get_by_role("status")).to_have_text("5 of 5")
    await page.keyboard.press("Escape")
    await expect(shown).to_have_count(0)
    await post.get_by_role("button", name="1 more").click()
    await expect(shown.get_by_role("img", name="Discs, 5")).to_be_visible()


async def test_going_back_shows_the_feed_as_it_was_left(visits: Visits) -> None:
    page = await visits.page()
    await expect(page.get_by_role("feed")).to_have_attribute("aria-busy", "false")
    # What has not come when one leaves is asked for again when one is back.
    await expect(page.get_by_role("complementary").get_by_role("link").first).to_be_visible()
    far = posts(page).nth(6)
    when = far.get_by_role("link").filter(has=page.locator("time"))
    await when.scroll_into_view_if_needed()
    place = await page.evaluate("scrollY")
    assert place > 0
    await when.click()
    await page.get_by_role("heading", name="One post").wait_for()
    await expect(page.get_by_role("region", name="Comments")).not_to_contain_text("Loading…")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.go_back()
    await expect(when).to_be_in_viewport()
    await page.wait_for_function("place => scrollY === place", arg=place)
    assert [url for url in asked if url.endswith("/graphql")] == []


async def test_a_reaction_by_keyboard_leaves_the_focus_on_its_button(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    await page.get_by_label("What would you like to share?").fill("For keyboards")
    await page.get_by_role("button", name="Post", exact=True).click()
    post = posts(page).filter(has_text="For keyboards")
    await post.get_by_role("button", name="React").press("Enter")
    await post.get_by_role("button", name="Like").press("Enter")
    await expect(post.get_by_role("button", name="Like 1 reactions")).to_be_focused()
    await post.get_by_role("button", name="Like 1 reactions").press("Enter")
    await expect(post.get_by_role("button", name="Love")).to_be_visible()
    await page.get_by_role("heading", name="Home").click(force=True)
    await expect(post.get_by_role("button", name="Love")).to_be_hidden()


async def test_a_new_comment_stands_below_the_older_ones(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    body = f"Talk, {secrets.token_hex(4)}"
    await page.get_by_label("What would you like to share?").fill(body)
    await page.get_by_role("button", name="Post", exact=True).click()
    post = posts(page).filter(has_text=body)
    await post.get_by_role("button", name="Comments").click()
    await expect(post.get_by_text("No comments yet.")).to_be_visible()
    for words in ("First", "Second"):
        await post.get_by_label("Write a comment").fill(words)
        await post.get_by_role("button", name="Send").click()
        await expect(post.get_by_label("Write a comment")).to_have_value("")
    await expect(post.locator(".comment .body")).to_have_text(["First", "Second"])


async def test_words_and_audience_of_ones_own_post_change_in_place(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    await page.get_by_label("What would you like to share?").fill("With a tpyo")
    await page.get_by_role("button", name="Post", exact=True).click()
    post = posts(page).first
    edit = post.get_by_role("button", name="Edit")
    await edit.press("Enter")
    words = post.get_by_role("textbox", name="What it says")
    await expect(words).to_be_focused()
    await words.press("Escape")
    await expect(edit).to_be_focused()
    await edit.press("Enter")
    await words.fill("")
    await expect(post.get_by_role("button", name="Save")).to_be_disabled()
    await words.fill("Without a typo")
    await post.get_by_label("Who can see it").select_option("Only me")
    await post.get_by_role("button", name="Save").click()
    await expect(post.locator(".body")).to_have_text("Without a typo")
    await expect(post).to_contain_text("edited")
    await expect(post).to_contain_text("Visible to the author alone")
    await expect(edit).to_be_focused()
    await page.reload()
    await expect(posts(page).filter(has_text="Without a typo")).to_have_count(1)


async def test_comments_are_deleted_by_who_wrote_them_and_by_who_wrote_the_post(
    visits: Visits,
    product: Product,
    sign_in: SignIn,
    sign_out: SignOut,
    account: Account,
    other_account: Account,
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    body = f"Talk of this, {secrets.token_hex(4)}"
    await page.get_by_label("What would you like to share?").fill(body)
    await page.get_by_role("button", name="Post", exact=True).click()
    post = posts(page).filter(has_text=body)
    await post.get_by_role("button", name="Comments").click()
    for said in ("Mine", "Mine, too"):
        await post.get_by_label("Write a comment").fill(said)
        await post.get_by_role("button", name="Send").click()
        await expect(post.locator(".comment").filter(has_text=said)).to_be_visible()
    address = await post.get_by_role("link").filter(has=page.locator("time")).get_attribute("href")
    comment = post.locator(".comment").filter(has_text="Mine, too")
    await comment.get_by_role("button", name="Delete").press("Enter")
    await expect(comment.get_by_role("button", name="Keep")).to_be_focused()
    await comment.get_by_role("button", name="Keep").press("Enter")
    await expect(comment.get_by_role("button", name="Delete")).to_be_focused()
    await comment.get_by_role("button", name="Delete").click()
    await comment.get_by_role("button", name="Delete").click()
    await expect(post.locator(".comment .body")).to_have_text(["Mine"])
    await expect(post.get_by_role("button", name="Comments 1 comments")).to_be_visible()
    await expect(post.get_by_role("region", name="Comments")).to_be_focused()

    other = await elsewhere(product.url, other_account)
    id_of_post = unquote(str(address).rpartition("/")[2])
    await other.ask(_COMMENT, post=id_of_post, body="Theirs")
    await page.goto(f"{visits.url}{address}")
    theirs = page.locator(".comment").filter(has_text="Theirs")
    await theirs.get_by_role("button", name="Delete").click()
    await theirs.get_by_role("button", name="Delete").click()
    await expect(page.locator(".comment .body")).to_have_text(["Mine"])
    await sign_out(page)
    await sign_in(page, other_account)
    await page.goto(f"{visits.url}{address}")
    await expect(page.locator(".comment .body")).to_have_text(["Mine"])
    # By then the page knows who looks at it.
    await expect(page.get_by_role("button", name="Report")).to_be_visible()
    await expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    await expect(page.get_by_role("button", name="Edit")).to_have_count(0)


async def test_a_post_of_somebody_else_is_reported_with_a_reason(
    visits: Visits, product: Product, sign_in: SignIn, account: Account, other_account: Account
) -> None:
    other = await elsewhere(product.url, other_account)
    post = (await other.ask(_POST, body="Buy my pills"))["createPost"]["post"]["id"]
    page = await visits.page(f"/post/{quote(post, safe='')}")
    await sign_in(page, account)
    report = page.get_by_role("button", name="Report")
    await report.press("Enter")
    reason = page.get_by_label("What is wrong with it?")
    await expect(reason).to_be_focused()
    await reason.fill("It sells pills")
    await page.get_by_role("button", name="Send to the moderators").click()
    await expect(page.get_by_text("The moderators know of it now.")).to_be_visible()
    await expect(report).to_be_focused()
    told = await (await elsewhere(product.url, account)).ask(_REPORT, id=post)
    assert told["post"]["viewerReport"] == {"reason": "It sells pills"}


async def test_people_change_their_own_name_words_and_picture(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await visits.page()
    await sign_in(page, account)
    mine = page.get_by_role("navigation", name="Account")
    await mine.get_by_role("link", name=account.name).click()
    await page.get_by_role("button", name="Edit profile").click()
    await page.get_by_label("Name", exact=True).fill("Gwen the Second")
    await page.get_by_label("About you").fill("Discs, mostly.")
    await page.get_by_label("Another picture").set_input_files(pictures(photograph, 1))
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Gwen the Second")).to_be_visible()
    await expect(page.get_by_text("Discs, mostly.")).to_be_visible()
    await expect(page.locator(".profile .avatar img")).to_have_js_property("complete", True)
    await expect(mine.get_by_role("link", name="Gwen the Second")).to_be_visible()


async def test_a_search_goes_on_by_itself_where_its_first_page_ends(visits: Visits) -> None:
    page = await visits.page("/search?q=the")
    found = page.get_by_role("list", name="Results").get_by_role("listitem")
    await found.nth(19).scroll_into_view_if_needed()
    await expect(found.nth(20)).to_be_visible()


async def test_a_search_shows_more_by_its_button_where_the_browser_tells_of_nothing_near(
    visits: Visits,
) -> None:
    await visits.context.add_init_script("IntersectionObserver.prototype.observe = () => undefined")
    page = await visits.page("/search?q=the")
    found = page.get_by_role("list", name="Results").get_by_role("listitem")
    await expect(found).to_have_count(20)
    await page.get_by_role("button", name="Show more").click()
    await expect(found.nth(20)).to_be_visible()
