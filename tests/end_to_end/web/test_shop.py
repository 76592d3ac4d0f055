"""The shop in a real browser: looking around, the cart, and what happens to it while one is looking."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from tests.end_to_end.web.asked import Somebody, elsewhere
from tests.end_to_end.web.visits import Account, Product, SignIn, SignOut, Visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_OPEN = "mutation ($n: String!) { openStore(input: {name: $n}) { userErrors { message } } }"
_CREATE = """mutation ($input: CreateProductInput!) {
  createProduct(input: $input) { product { id slug } userErrors { message } } }"""
_STOCK = """mutation ($p: ID!, $d: Int!) {
  adjustStock(input: {productId: $p, delta: $d}) { userErrors { message } } }"""
_UPDATE = "mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { userErrors { message } } }"


@dataclass
class Ware:
    """A product of a store of this test's own, and who sells it."""

    seller: Somebody
    id: str
    path: str
    name: str

    async def stock(self, delta: int) -> None:
        await self.seller.ask(_STOCK, p=self.id, d=delta)

    async def change(self, **changes: object) -> None:
        await self.seller.ask(_UPDATE, input={"id": self.id, **changes})


@pytest.fixture
async def ware(product: Product, other_account: Account) -> Ware:
    """Four of them, at 12.34 euros."""
    seller = await elsewhere(product.url, other_account)
    name = f"Lamp {secrets.token_hex(4)}"
    await seller.ask(_OPEN, n=f"Store of {name}")
    price = {"amount": 1234, "currency": "EUR"}
    made = await seller.ask(_CREATE, input={"name": name, "price": price, "onHand": 4})
    product_made = made["createProduct"]["product"]
    return Ware(seller, product_made["id"], f"/p/{product_made['slug']}", name)


@pytest.fixture
async def page(visits: Visits, sign_in: SignIn, account: Account, ware: Ware) -> Page:
    """Signed in, before the ware."""
    page = await visits.page(ware.path)
    await sign_in(page, account)
    await expect(page.get_by_role("heading", name=ware.name)).to_be_visible()
    return page


def line(page: Page, ware: Ware) -> Locator:
    return (
        page.get_by_role("region", name="What you mean to buy")
        .get_by_role("listitem")
        .filter(has_text=ware.name)
    )


async def in_the_cart(page: Page) -> None:
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_role("link", name="your cart").click()
    await page.get_by_role("heading", name="Cart").wait_for()


async def test_a_product_goes_from_the_shop_to_the_cart_in_the_amount_one_wants_and_out_again(
    page: Page, ware: Ware
) -> None:
    await page.get_by_role("link", name="Shop", exact=True).click()
    await page.get_by_role("list", name="For sale").get_by_role("link", name=ware.name).click()
    await page.get_by_role("button", name="One more").click()
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_text("2 pieces of it in your cart")).to_be_visible()
    await expect(page.get_by_role("link", name="Cart, 2 things in it")).to_be_visible()

    await page.get_by_role("link", name="your cart").click()
    total = page.get_by_role("status", name="Total")
    await expect(total).to_have_text("€24.68")
    await line(page, ware).get_by_role("button", name="One more").click()
    await expect(total).to_have_text("€37.02")
    amount = line(page, ware).get_by_role("textbox")
    await amount.fill("4")
    await amount.press("Enter")
    await expect(total).to_have_text("€49.36")
    await page.reload()
    await expect(amount).to_have_value("4")

    await line(page, ware).get_by_role("button", name=f"Remove {ware.name}").click()
    await expect(page.get_by_text("Your cart is empty.")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="is out of your cart")).to_be_visible()
    await expect(page.get_by_role("heading", name="Cart")).to_be_focused()
    await expect(page.get_by_role("link", name="Cart", exact=True)).to_be_visible()


async def test_what_was_sold_meanwhile_is_said_where_one_wanted_it(page: Page, ware: Ware) -> None:
    await ware.stock(-4)
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_role("alert").filter(has_text="sold out")).to_be_visible()
    await expect(page.get_by_role("button", name="Add to cart")).to_have_count(0)


async def test_more_than_there_are_is_refused_and_the_amount_stays(page: Page, ware: Ware) -> None:
    await in_the_cart(page)
    amount = line(page, ware).get_by_role("textbox")
    await amount.fill("9")
    await amount.press("Enter")
    await expect(line(page, ware).get_by_role("alert").filter(has_text="Only 4 are left.")).to_be_visible()
    await expect(amount).to_have_value("1")
    await expect(page.get_by_role("status", name="Total")).to_have_text("€12.34")


async def test_another_price_is_told_and_what_is_gone_is_named(page: Page, ware: Ware) -> None:
    await in_the_cart(page)
    await ware.change(price={"amount": 1300, "currency": "EUR"})
    await line(page, ware).get_by_role("button", name="One more").click()
    told = page.get_by_role("status").filter(has_text=f"{ware.name} costs €13.00 now, not €12.34.")
    await expect(told).to_be_visible()
    await expect(page.get_by_role("status", name="Total")).to_have_text("€26.00")
    await ware.stock(-3)
    await page.reload()
    await expect(line(page, ware)).to_contain_text("Only 1 left")
    await ware.change(published=False)
    await page.reload()
    await expect(page.get_by_text("No longer for sale")).to_be_visible()
    await page.get_by_role("button", name="Remove This product").click()
    await expect(page.get_by_text("Your cart is empty.")).to_be_visible()


async def test_the_cart_fits_a_phone_and_signed_out_one_is_sent_to_the_door(
    visits: Visits, page: Page, sign_out: SignOut
) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await in_the_cart(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.get_by_role("link", name="Shop", exact=True).click()
    await page.get_by_role("list", name="For sale").get_by_role("link").first.wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await sign_out(page)
    await page.goto(visits.url + "/p/tall-vase")
    await page.get_by_role("link", name="Sign in to buy it").click()
    await expect(page).to_have_url(re.compile(r"/sign-in\?to=%2Fp%2Ftall-vase$"))


async def test_somebody_opens_a_store_and_makes_changes_publishes_and_withdraws_a_product(
    visits: Visits, page: Page, photograph: bytes
) -> None:
    name = f"Vase {secrets.token_hex(4)}"
    await page.get_by_role("link", name="Shop", exact=True).click()
    await page.get_by_role("link", name="Your store").click()
    await page.get_by_label("Name").fill(f"Store of {name}")
    await page.get_by_role("button", name="Open the store").click()
    await page.get_by_role("heading", name=f"Store of {name}").wait_for()
    await page.get_by_role("button", name="New product").click()
    form = page.get_by_role("form", name="A new product")
    await form.get_by_role("textbox", name="Name").fill(name)
    await form.get_by_label("Price").fill("1200.5")
    await form.get_by_label("Currency").select_option("JPY")
    await form.locator("input[type=file]").set_input_files(
        {"name": "vase.jpg", "mimeType": "image/jpeg", "buffer": photograph}
    )
    await form.get_by_role("button", name="Save").click()
    await expect(
        form.get_by_role("alert").filter(has_text="JPY has nothing behind the point.")
    ).to_be_visible()
    await form.get_by_label("Price").fill("1200")
    await form.get_by_role("button", name="Save").click()
    mine = page.get_by_role("list", name="Products", exact=True).locator("> li")
    await expect(mine).to_contain_text("Not published · 1 in stock")
    await expect(mine).to_contain_text("¥1,200")
    await expect(mine.locator(".picture")).to_have_class(re.compile("is-loaded"))

    await mine.get_by_role("button", name=f"Publish {name}", exact=True).click()
    await mine.get_by_role("button", name=f"Unpublish {name}").wait_for()
    await mine.get_by_role("button", name=f"Edit {name}").click()
    edited = page.get_by_role("form", name=name)
    await edited.get_by_label("Currency").select_option("KWD")
    await edited.get_by_label("Price").fill("7,125")
    await edited.get_by_label("In stock").fill("3")
    await edited.get_by_role("button", name="Save").click()
    await expect(mine).to_contain_text("Published · 3 in stock")
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.get_by_role("link", name="Shop", exact=True).first.click()
    sold = page.get_by_role("list", name="For sale").get_by_role("link", name=name)
    await expect(sold).to_contain_text("KWD 7.125".replace(" ", "\u00a0"))

    await page.get_by_role("link", name="Your store").click()
    await mine.get_by_role("button", name=f"Unpublish {name}").click()
    await mine.get_by_role("button", name=f"Publish {name}", exact=True).wait_for()
