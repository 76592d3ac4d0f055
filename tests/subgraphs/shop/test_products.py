"""Stores and products: making them, seeing them, and who may."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import String, select

from subgraphs.kit.authorization.relations import BLOCK
from subgraphs.kit.authorization.withdrawn import Withdrawals
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.graph.relay import id_of, to_global
from subgraphs.shop.events import PRODUCT_CHANGED
from subgraphs.shop.models import TABLES
from tests.cached import comes_to
from tests.subgraphs.harness import Harness

_OPEN = """mutation ($n: String!, $s: String) {
  openStore(input: {name: $n, slug: $s}) { store { id slug owner { id } } userErrors { code field } } }"""
_CREATE = """mutation ($input: CreateProductInput!) {
  createProduct(input: $input) { product { id slug price available inStock } userErrors { code field } } }"""
_EURO = {"amount": 1999, "currency": "EUR"}


async def open_store(shop: Harness, owner: UUID) -> str:
    slug = f"store-{owner.hex[:12]}"
    answer = await shop.ask(_OPEN, {"n": "A store", "s": slug}, owner)
    assert answer["openStore"]["userErrors"] == []
    return slug


async def create_product(shop: Harness, owner: UUID, **fields: Any) -> Any:
    given = {"name": "A thing", "slug": f"thing-{uuid4().hex[:12]}", "price": _EURO, "onHand": 3, **fields}
    return (await shop.ask(_CREATE, {"input": given}, owner))["createProduct"]


async def test_a_product_is_sold_in_its_owners_store(shop: Harness) -> None:
    owner = uuid4()
    store = await open_store(shop, owner)
    made = await create_product(shop, owner, slug=f"bowl-{owner.hex[:8]}")
    query = """query ($s: String!) { store(slug: $s) { name owner { id }
      products(first: 5) { edges { node { slug price available inStock store { slug } } } } } }"""
    assert await shop.ask(query, {"s": store}) == {
        "store": {
            "name": "A store",
            "owner": {"id": to_global("User", owner)},
            "products": {
                "edges": [
                    {
                        "node": {
                            "slug": made["product"]["slug"],
                            "price": _EURO,
                            "available": 3,
                            "inStock": True,
                            "store": {"slug": store},
                        }
                    }
                ]
            },
        }
    }


async def test_what_was_looked_for_before_it_was_there_is_found_afterwards(shop: Harness) -> None:
    owner = uuid4()
    query = """query ($s: String!, $p: String!, $representations: [_Any!]!) { store(slug: $s) { slug } product(slug: $p) { slug }
      _entities(representations: $representations) { ... on User { store { slug } } } }"""
    store, product = f"store-{owner.hex[:12]}", f"thing-{owner.hex[:12]}"
    given = {
        "s": store,
        "p": product,
        "representations": [{"__typename": "User", "id": to_global("User", owner)}],
    }
    assert await shop.ask(query, given) == {"store": None, "product": None, "_entities": [{"store": None}]}
    await open_store(shop, owner)
    await create_product(shop, owner, slug=product)
    assert await shop.ask(query, given) == {
        "store": {"slug": store},
        "product": {"slug": product},
        "_entities": [{"store": {"slug": store}}],
    }


async def test_addresses_are_made_from_names_and_are_unique(shop: Harness) -> None:
    owner = uuid4()
    await open_store(shop, owner)
    name = f"Crème Brûlée {owner.hex[:6]}"
    made = await create_product(shop, owner, name=name, slug=None)
    assert made["product"]["slug"] == f"creme-brulee-{owner.hex[:6]}"
    again = await create_product(shop, owner, name=name, slug=None)
    assert again == {"product": None, "userErrors": [{"code": "CONFLICT", "field": ["slug"]}]}


async def test_the_same_idempotency_key_makes_one_product(shop: Harness) -> None:
    owner = uuid4()
    await open_store(shop, owner)
    slug = f"once-{owner.hex[:8]}"
    made = await asyncio.gather(
        *(create_product(shop, owner, slug=slug, idempotencyKey="k") for _ in range(5))
    )
    assert len({m["product"]["id"] for m in made}) == 1
    other = await create_product(shop, owner, slug=f"{slug}-other", idempotencyKey="k")
    assert other["userErrors"] == [{"code": "IDEMPOTENCY_CONFLICT", "field": ["idempotencyKey"]}]


async def test_a_draft_and_a_blocked_owners_product_are_not_there(shop: Harness) -> None:
    owner, stranger, blocked = uuid4(), uuid4(), uuid4()
    store = await open_store(shop, owner)
    draft = (await create_product(shop, owner, published=False))["product"]
    shown = (await create_product(shop, owner))["product"]
    await shop.relate(owner, blocked, BLOCK)
    query = """query ($d: String!, $p: String!, $s: String!) { draft: product(slug: $d) { id }
      shown: product(slug: $p) { id } store(slug: $s) { products { edges { node { slug } } } } }"""
    slugs = {"d": draft["slug"], "p": shown["slug"], "s": store}
    references = [{"__typename": "Product", "id": p["id"]} for p in (draft, shown)]

    async def seen(viewer: UUID | None) -> tuple[bool, bool, list[str] | None, list[bool]]:
        answer = await shop.ask(query, slugs, viewer)
        entities = await shop.entities("... on Product { name }", references, viewer)
        listed = answer["store"] and [e["node"]["slug"] for e in answer["store"]["products"]["edges"]]
        return (
            answer["draft"] is not None,
            answer["shown"] is not None,
            listed,
            [e is not None for e in entities],
        )

    assert await seen(owner) == (True, True, [shown["slug"], draft["slug"]], [True, True])
    for viewer in (stranger, None):
        assert await seen(viewer) == (False, True, [shown["slug"]], [False, True])
    assert await seen(blocked) == (False, False, None, [False, False])


async def test_a_change_shows_on_the_next_read_past_every_cache(shop: Harness) -> None:
    owner = uuid4()
    await open_store(shop, owner)
    product = (await create_product(shop, owner))["product"]
    reference = [{"__typename": "Product", "id": product["id"]}]
    change = """mutation ($i: ID!, $p: Boolean!) {
      updateProduct(input: {id: $i, published: $p}) { userErrors { code } } }"""
    for published in (True, False, True, False):
        await shop.ask(change, {"i": product["id"], "p": published}, owner)
        for _ in range(2):
            found = await shop.entities("... on Product { slug }", reference)
            assert (found != [None]) == published


async def test_a_stores_shelf_and_a_products_stock_are_read_once_and_then_as_they_become(
    shop: Harness,
) -> None:
    owner, buyer = uuid4(), uuid4()
    slug = await open_store(shop, owner)
    query = """query ($s: String!) { store(slug: $s) { products(first: 2) {
      pageInfo { hasNextPage } edges { node { name available } } } } }"""
    adjust = """mutation ($i: ID!, $d: Int!) {
      adjustStock(input: {productId: $i, delta: $d}) { userErrors { code } } }"""
    publish = """mutation ($i: ID!, $p: Boolean!) {
      updateProduct(input: {id: $i, published: $p}) { userErrors { code } } }"""

    async def seen(viewer: UUID | None) -> tuple[list[tuple[str, int]], bool, int]:
        """What is on the first page and how many of it there are, whether there is more, and the statements."""
        with counted_statements() as statements:
            found = (await shop.ask(query, {"s": slug}, viewer))["store"]["products"]
        nodes = [edge["node"] for edge in found["edges"]]
        more = found["pageInfo"]["hasNextPage"]
        return [(node["name"], node["available"]) for node in nodes], more, len(statements)

    assert (await seen(buyer))[:2] == ([], False)
    bowl = (await create_product(shop, owner, name="Bowl"))["product"]["id"]
    mug = (await create_product(shop, owner, name="Mug"))["product"]["id"]
    await create_product(shop, owner, name="Draft", published=False)
    assert (await seen(owner))[:2] == ([("Draft", 3), ("Mug", 3)], True)
    await comes_to(([("Draft", 3), ("Mug", 3)], True, 0), lambda: seen(owner))
    assert (await seen(buyer))[:2] == ([("Mug", 3), ("Bowl", 3)], False)
    await shop.ask(adjust, {"i": mug, "d": -2}, owner)
    assert (await seen(buyer))[:2] == ([("Mug", 1), ("Bowl", 3)], False)
    await shop.ask(publish, {"i": mug, "p": False}, owner)
    assert (await seen(buyer))[:2] == ([("Bowl", 3)], False)
    await shop.ask(publish, {"i": bowl, "p": False}, owner)
    assert (await seen(None))[:2] == ([], False)


async def test_only_its_owner_changes_a_product_or_its_stock(shop: Harness) -> None:
    owner, stranger = uuid4(), uuid4()
    await open_store(shop, owner)
    product = (await create_product(shop, owner, onHand=2))["product"]["id"]
    adjust = """mutation ($i: ID!, $d: Int!) {
      adjustStock(input: {productId: $i, delta: $d}) { product { available } userErrors { code } } }"""

    async def adjusted(viewer: UUID, delta: int) -> Any:
        return (await shop.ask(adjust, {"i": product, "d": delta}, viewer))["adjustStock"]

    assert await adjusted(stranger, 1) == {"product": None, "userErrors": [{"code": "NOT_FOUND"}]}
    assert await adjusted(owner, -3) == {"product": None, "userErrors": [{"code": "OUT_OF_STOCK"}]}
    assert await adjusted(owner, -2) == {"product": {"available": 0}, "userErrors": []}


async def test_stock_is_adjusted_once_however_often_the_same_change_is_sent(shop: Harness) -> None:
    owner = uuid4()
    await open_store(shop, owner)
    product = (await create_product(shop, owner, onHand=2))["product"]["id"]
    adjust = """mutation ($i: ID!, $d: Int!, $k: String) { adjustStock(input: {productId: $i, delta: $d, idempotencyKey: $k}) {
      product { available } userErrors { code field } } }"""

    async def adjusted(delta: int, key: str | None) -> Any:
        return (await shop.ask(adjust, {"i": product, "d": delta, "k": key}, owner))["adjustStock"]

    for _ in range(2):
        assert await adjusted(3, "delivery 7") == {"product": {"available": 5}, "userErrors": []}
    other = {"code": "IDEMPOTENCY_CONFLICT", "field": ["idempotencyKey"]}
    assert await adjusted(4, "delivery 7") == {"product": None, "userErrors": [other]}
    refused = {"product": None, "userErrors": [{"code": "OUT_OF_STOCK", "field": ["delta"]}]}
    assert [await adjusted(-6, "return 1") for _ in range(2)] == [refused, refused]
    for available in (6, 7):
        assert await adjusted(1, None) == {"product": {"available": available}, "userErrors": []}


async def test_money_that_is_not_exact_is_refused(shop: Harness) -> None:
    for price in (
        {"amount": 19.99, "currency": "EUR"},
        {"amount": -1, "currency": "EUR"},
        {"amount": 1, "currency": "euro"},
        {"amount": True, "currency": "EUR"},
        "EUR 3",
    ):
        answer = await shop.answer(_CREATE, {"input": {"name": "x", "price": price}}, uuid4())
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}


async def test_the_statements_of_a_list_do_not_grow_with_it(shop: Harness) -> None:
    query = """query ($n: Int!) { products(first: $n) { edges { node {
      name available store { name products(first: 3) { edges { node { inStock } } } } } } } }"""
    for _ in range(12):
        owner = uuid4()
        await open_store(shop, owner)
        for _ in range(2):
            await create_product(shop, owner)
    viewer = uuid4()

    async def asked() -> list[int]:
        counts = []
        for size in (3, 20):
            with counted_statements() as statements:
                await shop.ask(query, {"n": size}, viewer)
            counts.append(len(statements))
        return counts

    assert max(await asked()) <= 6
    await comes_to([1, 1], asked)


async def test_others_are_told_of_a_products_pictures_and_when_they_were_shown(shop: Harness) -> None:
    owner, one, other = uuid4(), uuid4(), uuid4()
    await open_store(shop, owner)
    made = await create_product(shop, owner, mediaIds=[to_global("MediaFile", one)])
    product = id_of("Product", made["product"]["id"])
    assert product is not None
    marks, seen = Withdrawals(shop.resources.cache), []
    change = "mutation ($i: UpdateProductInput!) { updateProduct(input: $i) { userErrors { code } } }"
    for fields in (
        {"name": "Another name"},
        {"mediaIds": [to_global("MediaFile", other)]},
        {"published": False},
        {"published": True},
        {"published": True, "price": {"amount": 700, "currency": "EUR"}},
    ):
        await shop.ask(change, {"i": {"id": made["product"]["id"], **fields}}, owner)
        seen.append((await marks.since([("Product.media", product)])).get(("Product.media", product)))
    assert seen == [None, 3, 4, 5, 5]
    rows = await shop.resources.database.rows(
        Read(
            select(TABLES.outbox.c.payload)
            .where(
                TABLES.outbox.c.type == PRODUCT_CHANGED,
                TABLES.outbox.c.payload["id"].astext == given("product", String),
            )
            .order_by(TABLES.outbox.c.id)
        ),
        product=product.hex,
    )
    told = [(p["version"], p["mediaIds"], p["mediaPlacedAt"] is not None, p["published"]) for (p,) in rows]
    assert told == [
        (1, [one.hex], True, True),
        (2, [one.hex], False, True),
        (3, [other.hex], True, True),
        (4, [other.hex], False, False),
        (5, [other.hex], True, True),
        (6, [other.hex], False, True),
    ]
