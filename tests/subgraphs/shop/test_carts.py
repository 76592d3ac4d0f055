"""Carts: what someone means to buy."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from subgraphs.kit.graph.relay import to_global
from tests.subgraphs.harness import Harness

_CART = "cart { itemCount total lines { id quantity unitPrice lineTotal product { id } } } userErrors { code field }"
_ADD = f"mutation ($p: ID!, $q: Int!) {{ addToCart(input: {{productId: $p, quantity: $q}}) {{ {_CART} }} }}"
_UPDATE = (
    f"mutation ($l: ID!, $q: Int!) {{ updateCartLine(input: {{lineId: $l, quantity: $q}}) {{ {_CART} }} }}"
)
_CREATE = "mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { id } } }"


async def _product(shop: Harness, price: int = 500, currency: str = "EUR", on_hand: int = 5) -> str:
    owner = uuid4()
    slug = f"cart-{owner.hex[:12]}"
    opened = 'mutation ($s: String!) { openStore(input: {name: "S", slug: $s}) { userErrors { code } } }'
    await shop.ask(opened, {"s": slug}, owner)
    given = {
        "name": "T",
        "slug": slug,
        "price": {"amount": price, "currency": currency},
        "onHand": on_hand,
    }
    return str((await shop.ask(_CREATE, {"input": given}, owner))["createProduct"]["product"]["id"])


async def _add(shop: Harness, viewer: UUID, product: str, quantity: int = 1) -> Any:
    return (await shop.ask(_ADD, {"p": product, "q": quantity}, viewer))["addToCart"]


async def test_the_same_product_twice_is_one_line(shop: Harness) -> None:
    viewer, product = uuid4(), await _product(shop)
    await _add(shop, viewer, product)
    cart = (await _add(shop, viewer, product, 2))["cart"]
    line = cart["lines"][0].pop("id")
    assert cart == {
        "itemCount": 3,
        "total": {"amount": 1500, "currency": "EUR"},
        "lines": [
            {
                "quantity": 3,
                "unitPrice": {"amount": 500, "currency": "EUR"},
                "lineTotal": {"amount": 1500, "currency": "EUR"},
                "product": {"id": product},
            }
        ],
    }
    emptied = (await shop.ask(_UPDATE, {"l": line, "q": 0}, viewer))["updateCartLine"]
    assert emptied == {"cart": {"itemCount": 0, "total": None, "lines": []}, "userErrors": []}


async def test_no_more_than_there_are(shop: Harness) -> None:
    viewer, product = uuid4(), await _product(shop, on_hand=2)
    refused = {"cart": None, "userErrors": [{"code": "OUT_OF_STOCK", "field": ["quantity"]}]}
    assert await _add(shop, viewer, product, 3) == refused
    await _add(shop, viewer, product, 2)
    assert await _add(shop, viewer, product) == refused


async def test_several_currencies_have_no_total(shop: Harness) -> None:
    viewer = uuid4()
    await _add(shop, viewer, await _product(shop))
    cart = (await _add(shop, viewer, await _product(shop, currency="JPY")))["cart"]
    assert (cart["itemCount"], cart["total"]) == (2, None)


async def test_a_cart_is_its_owners_alone(shop: Harness) -> None:
    viewer, stranger = uuid4(), uuid4()
    line = (await _add(shop, viewer, await _product(shop)))["cart"]["lines"][0]["id"]
    reference = [{"__typename": "User", "id": to_global("User", viewer)}]
    selection = "... on User { cart { itemCount } }"
    assert await shop.entities(selection, reference, viewer) == [
        {"__typename": "User", "cart": {"itemCount": 1}}
    ]
    for other in (stranger, None):
        assert await shop.entities(selection, reference, other) == [{"__typename": "User", "cart": None}]
    refused = (await shop.ask(_UPDATE, {"l": line, "q": 9}, stranger))["updateCartLine"]
    assert refused == {"cart": None, "userErrors": [{"code": "NOT_FOUND", "field": ["lineId"]}]}
    anonymous = await shop.answer(_ADD, {"p": line, "q": 1})
    assert anonymous["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
