"""Two demo stores, and what they sell."""

from __future__ import annotations

from subgraphs.kit.domain.demo import PEOPLE, demo_id, demo_moment
from subgraphs.kit.domain.resources import Resources
from subgraphs.shop.events import emit_product
from subgraphs.shop.models import (
    PRODUCT,
    PRODUCT_SLUG,
    SHELF,
    STOCK,
    STORE,
    STORE_OWNER,
    STORE_SLUG,
    Product,
    Stock,
    Store,
)

__all__ = ["seed"]

_STORES = (
    (2, "kiln-and-table", "Kiln & Table", "Stoneware for every day, thrown and glazed in one small studio."),
    (6, "lindqvist-strings", "Lindqvist Strings", "Handmade instruments and the care they ask for."),
)

_PRODUCTS = (
    (
        2,
        "celadon-bowl",
        "Celadon bowl",
        "Pale green, wide enough for soup, light enough for one hand.",
        3400,
        10,
    ),
    (2, "ash-glaze-mug", "Ash glaze mug", "Speckled grey; holds 300 ml and its warmth.", 2600, 24),
    (2, "breakfast-plate", "Breakfast plate", "A rim for crumbs, a well for eggs.", 2900, 16),
    (2, "tall-vase", "Tall vase", "For branches rather than bouquets.", 7800, 3),
    (2, "tea-set", "Tea set for two", "A pot, two cups, one tray of ash wood.", 11200, 2),
    (2, "salt-pig", "Salt pig", "Keeps salt dry and within reach.", 2200, 0),
    (6, "travel-guitar", "Travel guitar", "Spruce top, short scale, fits an overhead locker.", 89000, 1),
    (6, "walnut-ukulele", "Walnut ukulele", "Concert size, warm and quick.", 32000, 4),
    (6, "rosin-block", "Rosin block", "Amber, for cold rooms.", 900, 60),
    (6, "humidity-case", "Humidity case", "Two packs; a season each.", 1800, 35),
    (6, "setup-session", "Set-up session", "Action, intonation, new strings: while you wait.", 6500, 8),
    (6, "oak-stand", "Oak stand", "Folds flat, holds anything with strings.", 5400, 7),
)


async def seed(resources: Resources, size: str) -> None:
    """``demo``: two stores with six products each; ``large`` adds none."""
    if size == "large":
        return
    async with resources.database.write() as tx:
        if await tx.session.get(Store, demo_id("store", 0)):
            return
        stores = {}
        for number, (owner, slug, name, description) in enumerate(_STORES):
            moment = demo_moment(number)
            stores[owner] = Store(
                id=demo_id("store", number),
                created_at=moment,
                updated_at=moment,
                owner_id=PEOPLE[owner].id,
                slug=slug,
                name=name,
                description=description,
            )
            tx.add(stores[owner], STORE)
            tx.forget(STORE_SLUG, slug)
            tx.forget(STORE_OWNER, PEOPLE[owner].id)
        await tx.session.flush()
        for number, (key, slug, name, description, price, on_hand) in enumerate(_PRODUCTS):
            store = stores[key]
            product = Product(
                id=demo_id("product", number),
                created_at=demo_moment(number),
                updated_at=demo_moment(number),
                store_id=store.id,
                owner_id=store.owner_id,
                slug=slug,
                name=name,
                description=description,
                price=price,
                currency="EUR",
                media_ids=[demo_id("product-picture", number)],
            )
            tx.add(product, PRODUCT)
            tx.forget(PRODUCT_SLUG, slug)
            tx.forget(SHELF, store.id)
            tx.forget(STOCK, product.id)
            await tx.session.flush()
            tx.session.add(Stock(product_id=product.id, on_hand=on_hand))
            emit_product(tx, product, placed=True)
