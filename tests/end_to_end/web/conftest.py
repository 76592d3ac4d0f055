"""A browser on the running product, and a page that fails its test on anything a visitor would not want logged."""

from __future__ import annotations

import asyncio
import io
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.end_to_end.web.visits import PATIENCE, Account, Product, SignIn, SignOut, Visits, browsing

REPOSITORY = Path(__file__).parents[3]
expect.set_options(timeout=PATIENCE * 1000)

PASSWORD = "correct horse battery staple"


async def _chromium() -> str:
    if named := os.environ.get("CHROMIUM"):
        return named
    finding = await asyncio.create_subprocess_exec(
        REPOSITORY / "scripts" / "chromium", stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    output, _ = await finding.communicate()
    assert finding.returncode == 0, "scripts/chromium found and installed none"
    return output.decode().strip()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        # Root has no sandbox to enter; the pages are our own.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = await playwright.chromium.launch(executable_path=await _chromium(), args=arguments)
        yield launched
        await launched.close()


@pytest.fixture
async def visits(browser: Browser, product: Product) -> AsyncIterator[Visits]:
    """A visitor's browser of its own. At the end nothing may have been logged or refused."""
    async with browsing(browser) as context:
        made = Visits(context, product.url, [])
        yield made
    assert made.complaints == []


REGISTER = """
mutation Register($input: RegisterInput!) {
  register(input: $input) { session { accessToken } userErrors { code message } }
}
"""


@pytest.fixture
async def account(product: Product) -> Account:
    """Somebody new."""
    return await _registered(product, "Gwen Guest")


@pytest.fixture
async def other_account(product: Product) -> Account:
    """Somebody else, as new."""
    return await _registered(product, "Olga Other")


async def _registered(product: Product, name: str) -> Account:
    handle = f"guest_{secrets.token_hex(4)}"
    made = Account(handle, name, PASSWORD)
    given = {
        "handle": handle,
        "displayName": made.name,
        "email": f"{handle}@example.org",
        "password": PASSWORD,
    }
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        answer = await client.post(
            product.url + "/graphql", json={"query": REGISTER, "variables": {"input": given}}
        )
    assert answer.json()["data"]["register"]["userErrors"] == []
    return made


@pytest.fixture
def sign_in() -> SignIn:
    """Goes through the form, as people do."""

    async def through_the_form(page: Page, account: Account) -> None:
        await page.get_by_role("link", name="Sign in", exact=True).click()
        await page.get_by_label("Name or e-mail").fill(account.handle)
        await page.get_by_label("Password").fill(account.password)
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("button", name="Sign out").wait_for()

    return through_the_form


@pytest.fixture
def sign_out() -> SignOut:
    """Until it is done: a page that is left before may still have its session."""

    async def by_the_button(page: Page) -> None:
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_role("link", name="Sign in", exact=True).wait_for()

    return by_the_button


@pytest.fixture(scope="session")
def photograph() -> bytes:
    """A JPEG of 1500 × 1000 with enough in it to tell it from its placeholder."""
    image = Image.new("RGB", (1500, 1000), (60, 110, 140))
    draw = ImageDraw.Draw(image)
    for step in range(20):
        draw.ellipse(
            (step * 70, step * 40, step * 70 + 200, step * 40 + 200), fill=(255 - step * 9, 150, step * 12)
        )
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
