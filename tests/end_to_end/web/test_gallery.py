"""The gallery in a real browser: a picture goes in, its place is there at once, and it appears."""

from __future__ import annotations

import asyncio
import os
import re
import secrets

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from tests.end_to_end.web.visits import Account, SignIn, Visits
from tests.media_core.films import film
from tests.media_core.photographs import COPYRIGHT, encoded
from tests.media_core.photographs import photograph as taken

PIECE = 8 << 20
"""That the web app sends at a time."""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def jpeg(data: bytes, name: str = "dawn.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


async def gallery(visits: Visits, sign_in: SignIn, account: Account) -> Page:
    page = await visits.page()
    await sign_in(page, account)
    await page.get_by_role("link", name="Gallery", exact=True).click()
    await page.get_by_role("heading", name="Gallery", exact=True).wait_for()
    return page


def noise(width: int, height: int) -> bytes:
    """A PNG of more than one piece."""
    picture = Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))
    data = encoded(picture, "PNG")
    assert len(data) > PIECE
    return data


def own_tiles(page: Page) -> Locator:
    return page.get_by_role("list", name="Your pictures").get_by_role("listitem")


async def drawn(place: Locator) -> None:
    """Until the picture in it is there: one that is hidden or moved while it is asked for is refused, and that is logged."""
    await expect(place.locator(".picture")).to_have_class(re.compile("is-loaded"))


async def opened(page: Page, tile: Locator, name: str | None = None) -> Locator:
    """The dialog with the picture of a tile, both drawn."""
    await drawn(tile)
    await tile.get_by_role("button").press("Enter")
    dialog = page.get_by_role("dialog", name=name)
    await drawn(dialog)
    return dialog


async def is_drawn(picture: Locator) -> bool:
    return bool(await picture.evaluate("image => image.complete && image.naturalWidth > 0"))


async def test_an_upload_shows_its_colour_and_placeholder_and_then_the_picture_in_the_same_place(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await gallery(visits, sign_in, account)
    may_load = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_load.wait()
        await route.continue_()

    await page.route("**/images/**", hold)
    await page.get_by_label("Description").fill("Coloured discs over water")
    await page.locator("input[type=file]").set_input_files(jpeg(photograph))

    tile = own_tiles(page).first
    picture = tile.get_by_role("img", name="Coloured discs over water")
    await expect(picture).to_be_attached()
    place = tile.locator(".picture")
    await expect(place).to_have_css("background-color", re.compile(r"rgb\("))
    await expect(place.locator(".picture-blur")).to_have_css(
        "background-image", re.compile(r'url\("data:image/webp;base64,')
    )
    assert not await is_drawn(picture)
    await expect(page.get_by_role("list", name="On their way")).to_have_count(0)
    await expect(page.get_by_role("list", name="Your pictures")).to_have_attribute("aria-busy", "false")
    before = await place.bounding_box()

    may_load.set()
    await expect(place).to_have_class(re.compile("is-loaded"))
    assert await is_drawn(picture)
    assert await place.bounding_box() == before
    assert await picture.get_attribute("srcset")
    await expect(tile).to_contain_text("1500 × 1000 · JPEG".replace(" ×", "\u00a0×").replace("× ", "×\u00a0"))
    await page.unroute_all(behavior="wait")


async def test_a_private_picture_is_its_owners_alone_until_it_is_made_public(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await gallery(visits, sign_in, account)
    words = f"Not for the others, {secrets.token_hex(6)}"
    await page.get_by_text("Private", exact=True).click()
    await page.get_by_label("Description").fill(words)
    await page.locator("input[type=file]").set_input_files(jpeg(photograph))
    tile = own_tiles(page).first
    await drawn(tile)
    await expect(tile).to_contain_text("Private")

    await page.get_by_role("button", name="Everyone", exact=True).click()
    everyone = page.get_by_role("list", name="Pictures", exact=True)
    await expect(everyone).to_have_attribute("aria-busy", "false")
    await expect(everyone.get_by_role("img", name=words)).to_have_count(0)

    await page.get_by_role("button", name="Yours").click()
    dialog = await opened(page, tile, words)
    await dialog.get_by_text("Public", exact=True).click()
    await expect(dialog.get_by_role("radio", name="Public")).to_be_checked()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.get_by_role("button", name="Everyone", exact=True).click()
    await expect(everyone.get_by_role("img", name=words)).to_have_count(1)


async def test_a_picture_is_described_later_thrown_away_taken_back_and_deleted_for_good(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await gallery(visits, sign_in, account)
    await page.locator("input[type=file]").set_input_files(jpeg(photograph))
    dialog = await opened(page, own_tiles(page))
    await dialog.get_by_label("Description").fill("Found its words")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("heading", name="Found its words")).to_be_visible()
    await dialog.get_by_role("button", name="Put into the trash").click()
    await expect(own_tiles(page)).to_have_count(0)
    await expect(page.get_by_role("status").filter(has_text="can be taken back")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Your pictures will hang here.")).to_be_visible()

    await page.get_by_role("button", name="Trash", exact=True).click()
    trash = page.get_by_role("list", name="In the trash").get_by_role("listitem")
    await drawn(trash)
    await trash.get_by_role("button", name="Take back Found its words").click()
    told = page.get_by_role("status").filter(has_text="Found its words is back where it was.")
    await expect(told).to_be_focused()
    await page.get_by_role("button", name="Yours").click()
    dialog = await opened(page, own_tiles(page))
    await dialog.get_by_role("button", name="Put into the trash").click()
    await page.get_by_role("button", name="Trash", exact=True).click()
    await drawn(trash)
    await trash.get_by_role("button", name="Delete Found its words").click()
    await expect(trash.get_by_role("button", name="Keep")).to_be_focused()
    await trash.get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_text("The trash is empty.")).to_be_visible()


async def test_pictures_are_kept_as_favourites_and_in_an_album_in_an_order_of_ones_own(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await gallery(visits, sign_in, account)
    for words in ("Dawn", "Dusk"):
        await page.get_by_label("Description").fill(words)
        await page.locator("input[type=file]").set_input_files(jpeg(photograph))
        await own_tiles(page).get_by_role("button", name=f"Open: {words}").wait_for()
    await own_tiles(page).get_by_role("button", name="Open: Dusk").click()
    dialog = page.get_by_role("dialog", name="Dusk")
    await dialog.get_by_role("button", name="Favourite").click()
    await expect(dialog.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Favourites").click()
    liked = page.get_by_role("list", name="Your favourites").get_by_role("listitem")
    await expect(liked.get_by_role("button", name="Open: Dusk")).to_be_visible()

    await page.get_by_role("button", name="Albums").click()
    await page.get_by_role("button", name="New album").click()
    await page.get_by_label("Title").fill("A day")
    await page.get_by_role("button", name="Begin an album").click()
    await page.get_by_role("heading", name="A day").wait_for()
    await page.get_by_role("button", name="Add pictures").click()
    choice = page.get_by_role("region", name="Add pictures")
    await choice.get_by_label("Dawn").check()
    await choice.get_by_label("Dusk").check()
    await choice.get_by_role("button", name="Add 2 pictures").click()
    hung = page.get_by_role("list", name="Pictures of the album").get_by_role("listitem")
    await expect(hung).to_have_text([re.compile("."), re.compile(".")])
    openers = hung.get_by_role("button", name="Open:")
    await expect(openers.nth(0)).to_have_accessible_name("Open: Dawn")

    await page.set_viewport_size({"width": 360, "height": 740})
    await page.get_by_role("button", name="Arrange").click()
    await page.get_by_role("button", name="Later: Dawn").press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Dawn is number 2 now.")).to_be_visible()
    await expect(page.get_by_role("button", name="Later: Dawn")).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.reload()
    await expect(openers.nth(0)).to_have_accessible_name("Open: Dusk")
    await page.get_by_role("button", name="Arrange").click()
    await page.get_by_role("button", name="Take out Dawn").click()
    await expect(hung).to_have_count(1)
    await page.get_by_role("link", name="Albums", exact=True).click()
    await expect(page.get_by_role("link", name="A day 1 picture")).to_be_visible()
    await page.get_by_role("link", name="A day 1 picture").click()
    await page.get_by_role("button", name="Delete the album").click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_text("No albums yet.")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_a_file_that_is_no_picture_is_refused_in_plain_words_and_the_others_go_through(
    visits: Visits, sign_in: SignIn, account: Account, photograph: bytes
) -> None:
    page = await gallery(visits, sign_in, account)
    await page.locator("input[type=file]").set_input_files(
        [jpeg(b"these are no pixels", "notes.jpg"), jpeg(photograph)]
    )
    rows = page.get_by_role("list", name="On their way").get_by_role("listitem")
    row = rows.filter(has_text="notes.jpg")
    await expect(row.get_by_role("alert")).to_be_visible()
    await expect(own_tiles(page)).to_have_count(1)
    await row.get_by_role("button", name="Dismiss notes.jpg").click()
    await expect(rows).to_have_count(0)


async def test_a_film_is_shown_by_its_still_and_plays_to_its_end(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    pytest.importorskip("av")
    page = await gallery(visits, sign_in, account)
    await page.get_by_label("Description").fill("A scene after the dark")
    recorded: FilePayload = {"name": "clip.webm", "mimeType": "video/webm", "buffer": film("live.webm")}
    await page.locator("input[type=file]").set_input_files(recorded)
    tile = own_tiles(page).first
    await drawn(tile)
    await expect(tile).to_contain_text("0:02")
    await tile.get_by_role("button").click()
    shown = page.get_by_role("dialog").locator("video")
    await expect(shown).to_have_js_property("videoWidth", 320)
    assert await shown.get_attribute("poster")
    played = """film => new Promise((ended, failed) => {
      film.muted = true; film.onended = () => ended(film.currentTime); film.play().catch(failed); })"""
    assert 1.9 < await shown.evaluate(played) < 2.2


async def test_a_large_picture_goes_in_pieces_and_on_after_its_connection_broke(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await gallery(visits, sign_in, account)
    asked: list[tuple[str, str | None]] = []

    async def break_off_the_second_piece(route: Route) -> None:
        request = route.request
        asked.append((request.method, request.headers.get("upload-offset")))
        if asked[-1] == ("PATCH", str(PIECE)) and asked.count(asked[-1]) == 1:
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/uploads/*", break_off_the_second_piece)
    await page.locator("input[type=file]").set_input_files(
        {"name": "noise.png", "mimeType": "image/png", "buffer": noise(2000, 1500)}
    )
    await drawn(own_tiles(page).first)
    methods = [method for method, _ in asked]
    assert methods == ["HEAD", "PATCH", "PATCH", "HEAD", "PATCH"]
    visits.complaints.remove("error: Failed to load resource: net::ERR_CONNECTION_RESET")  # the browser's own


async def test_copyright_stays_by_choice_at_upload_and_later(
    visits: Visits, sign_in: SignIn, account: Account
) -> None:
    page = await gallery(visits, sign_in, account)
    choice = page.get_by_label("Keep copyright and artist")
    await expect(choice).not_to_be_checked()
    await choice.check()
    await page.locator("input[type=file]").set_input_files(jpeg(taken(640, 480)))
    tile = own_tiles(page).first
    await drawn(tile)

    async def shown() -> bytes:
        address = await tile.locator("img").get_attribute("src")
        answer = await page.request.get(visits.url + str(address).removeprefix(visits.url))
        return await answer.body()

    assert COPYRIGHT.encode() in await shown()
    later = (await opened(page, tile)).get_by_label("Keep copyright and artist")
    await expect(later).to_be_checked()
    before = await tile.locator("img").get_attribute("src")
    await later.click()
    await expect(tile.locator("img")).not_to_have_attribute("src", str(before))
    await expect(later).not_to_be_checked()
    assert COPYRIGHT.encode() not in await shown()


async def test_a_visitor_sees_public_pictures_and_is_told_who_may_add_some(
    visits: Visits, photograph: bytes
) -> None:
    page = await visits.page("/media")
    await expect(page.get_by_role("list", name="Pictures")).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_role("button", name="Yours")).to_have_count(0)
    await page.locator("input[type=file]").set_input_files(jpeg(photograph))
    await expect(page.get_by_text("Pictures can be added once you are signed in.")).to_be_visible()
