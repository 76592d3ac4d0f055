"""Documents in a real browser: begun, written, shared, and written by two at once without a loss."""

from __future__ import annotations

import re
import secrets
from urllib.parse import unquote

import pytest
from playwright.async_api import Locator, Page, expect

from tests.end_to_end.web.asked import elsewhere
from tests.end_to_end.web.visits import Account, Product, SignIn, SignOut, Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_READ = "query ($id: ID!) { document(id: $id) { version title content } }"
_WRITE = """mutation ($input: UpdateDocumentInput!) {
  updateDocument(input: $input) { document { version } userErrors { message } } }"""


@pytest.fixture
async def page(visits: Visits, sign_in: SignIn, account: Account) -> Page:
    """Signed in, in a workspace of their own."""
    page = await visits.page()
    await sign_in(page, account)
    await page.get_by_role("link", name="Documents", exact=True).click()
    await page.get_by_text("You are in no workspace yet.").wait_for()
    await page.get_by_role("button", name="New workspace").click()
    name = f"Garden {secrets.token_hex(4)}"
    form = page.get_by_role("form", name="A new workspace")
    await form.get_by_label("Name").fill(name)
    await expect(form.get_by_label("Address")).to_have_value(name.lower().replace(" ", "-"))
    await form.get_by_role("button", name="Begin a workspace").click()
    await page.get_by_role("heading", name=name).wait_for()
    return page


async def write(page: Page, title: str, text: str) -> None:
    await page.get_by_label("Title of a new document").fill(title)
    await page.get_by_role("button", name="Write it").click()
    await expect(page.get_by_label("Text")).to_be_focused()
    await page.get_by_label("Text").fill(text)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("article").get_by_text(text)).to_be_visible()
    await expect(page).not_to_have_url(re.compile("edit"))


def document_id(page: Page) -> str:
    return unquote(page.url.rpartition("/d/")[2])


def clash(page: Page) -> Locator:
    return page.get_by_role("region", name="Changed meanwhile")


async def test_a_document_is_begun_written_listed_and_deleted(page: Page) -> None:
    await write(page, "Plan of beds", "Beans by the wall.")
    await expect(page.get_by_role("button", name="Edit")).to_be_focused()
    await expect(page.get_by_role("article")).to_contain_text("Version 2, by Gwen Guest")
    await page.get_by_role("link", name="Documents", exact=True).click()
    await page.get_by_role("list", name="Workspaces").get_by_role("link", name="Plan of beds").click()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("No documents yet.")).to_be_visible()


async def test_what_two_have_written_at_once_is_shown_to_the_second_who_decides(
    page: Page, product: Product, account: Account
) -> None:
    await write(page, "Water", "Every other day.")
    other = await elsewhere(product.url, account)
    document = document_id(page)

    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Text").fill("Each morning.")
    await other.ask(_WRITE, input={"id": document, "expectedVersion": 2, "content": "When it is dry."})
    await page.get_by_role("button", name="Save").click()
    await expect(clash(page).get_by_role("heading").first).to_be_focused()
    await expect(clash(page)).to_contain_text("When it is dry.")
    await page.get_by_label("Text").fill("Each morning when it is dry.")
    await clash(page).get_by_role("button", name="Keep mine").click()
    await expect(page.get_by_role("article")).to_contain_text("Each morning when it is dry.")
    known = (await other.ask(_READ, id=document))["document"]
    assert known == {"version": 4, "title": "Water", "content": "Each morning when it is dry."}

    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Text").fill("Never.")
    await other.ask(_WRITE, input={"id": document, "expectedVersion": 4, "content": "At noon."})
    await page.get_by_role("button", name="Save").click()
    await clash(page).get_by_role("button", name="Take theirs").click()
    await expect(page.get_by_role("article")).to_contain_text("At noon.")


async def test_what_two_have_changed_in_different_places_goes_together_by_itself(
    page: Page, product: Product, account: Account
) -> None:
    await write(page, "Tools", "A spade.")
    other = await elsewhere(product.url, account)
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Text").fill("A spade and a rake.")
    document = document_id(page)
    await other.ask(_WRITE, input={"id": document, "expectedVersion": 2, "title": "What we need"})
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="What we need")).to_be_visible()
    await expect(page.get_by_role("article")).to_contain_text("A spade and a rake.")


async def test_somebody_let_in_to_read_reads_and_does_not_write_and_a_public_one_is_for_all(
    page: Page, visits: Visits, sign_in: SignIn, sign_out: SignOut, account: Account, other_account: Account
) -> None:
    workspace = page.url
    await write(page, "Seeds", "Peas, beans.")
    document = page.url
    await page.goto(workspace)
    members = page.get_by_role("region", name="Members")
    await members.get_by_label("Their handle").fill("nobody_of_this_name")
    await members.get_by_role("button", name="Let in").click()
    await expect(members.get_by_text("There is nobody called @nobody_of_this_name.")).to_be_visible()
    await members.get_by_label("Their handle").fill(f"@{other_account.handle}")
    await members.get_by_label("What they may do").select_option("Reads")
    await members.get_by_role("button", name="Let in").click()
    await expect(members.get_by_label(f"What {other_account.name} may do")).to_have_value("VIEWER")
    await members.get_by_role("button", name="Leave").click()
    await expect(members.get_by_text("A workspace keeps at least one owner.")).to_be_visible()

    await page.goto(document)
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Text").fill("For nobody's eyes yet.")
    await sign_out(page)
    assert "nobody's eyes" not in await page.evaluate("JSON.stringify(localStorage)")
    await sign_in(page, other_account)
    await page.goto(document)
    await expect(page.get_by_role("article")).to_contain_text("Peas, beans.")
    await expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    await page.goto(workspace)
    await page.get_by_role("button", name="Leave the workspace").wait_for()
    await expect(page.get_by_label("Title of a new document")).to_have_count(0)
    await page.get_by_role("button", name="Leave the workspace").click()
    await expect(page.get_by_text("You are in no workspace yet.")).to_be_visible()
    await page.goto(document)
    await expect(page.get_by_role("heading", name="Nothing is here")).to_be_visible()

    await sign_out(page)
    await sign_in(page, account)
    await page.goto(document)
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Who can read it").select_option("Everyone")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("article")).to_contain_text("Everyone reads it")
    await sign_out(page)
    await expect(page.get_by_role("article")).to_contain_text("Peas, beans.")
    await page.goto(f"{visits.url}/u/{account.handle}")
    await page.get_by_role("link", name="Seeds").click()
    await expect(page.get_by_role("article")).to_contain_text("Peas, beans.")


async def test_what_is_not_saved_is_there_again_after_another_page_and_gone_once_it_is_saved_or_dropped(
    page: Page,
) -> None:
    await write(page, "Paths", "Gravel.")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Text").fill("Bark.")
    await page.get_by_role("link", name="Shop", exact=True).click()
    await page.get_by_role("heading", name="Shop", exact=True).wait_for()
    await page.go_back()
    unsaved = page.get_by_role("status").filter(has_text="have not saved it")
    await expect(unsaved).to_be_visible()
    await page.reload()
    await unsaved.get_by_role("button", name="Go on writing").click()
    await expect(page.get_by_role("status").filter(has_text="is back")).to_be_visible()
    await expect(page.get_by_label("Text")).to_have_value("Bark.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("article")).to_contain_text("Bark.")
    await expect(unsaved).to_have_count(0)

    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Text").fill("Slabs.")
    await page.reload()
    await unsaved.get_by_role("button", name="Drop it").click()
    await expect(unsaved).to_have_count(0)
    assert await page.evaluate("localStorage.getItem('lets-connect.drafts')") is None


async def test_documents_fit_a_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.get_by_role("region", name="Members").wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await write(page, "Narrow", "A path between the beds.")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
