"""What the shop tells the others, and listens to."""

from __future__ import annotations

from subgraphs.kit.authorization.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.events.consumer import Handlers
from subgraphs.shop.models import TABLES, Product

__all__ = ["HANDLERS", "PICTURES", "PRODUCT_CHANGED", "emit_product"]

PRODUCT_CHANGED = "shop.product_changed"
"""``{"id", "version", "slug", "name", "description", "storeId", "ownerId", "mediaIds", "mediaPlacedAt", "published",
"deleted"}``. ``mediaPlacedAt`` is there where its pictures were set, or shown by its publication, just now."""
PICTURES = "Product.media"
"""What ``Withdrawals`` knows a product's pictures as."""


async def _relation_changed(tx: Transaction, event: Event) -> None:
    await project_relation(tx, event, TABLES)


HANDLERS: Handlers = {RELATION_CHANGED: _relation_changed}


def emit_product(tx: Transaction, product: Product, *, placed: bool) -> None:
    """Tell of a product as it is now; ``placed``: its pictures were set, or it was published."""
    payload = {
        "id": product.id.hex,
        "version": product.version,
        "mediaIds": [i.hex for i in product.media_ids],
        "mediaPlacedAt": tx.now.isoformat() if placed else None,
        "slug": product.slug,
        "name": product.name,
        "description": product.description,
        "storeId": product.store_id.hex,
        "ownerId": product.owner_id.hex,
        "published": product.published,
        "deleted": product.deleted_at is not None,
    }
    tx.emit(PRODUCT_CHANGED, product.id, payload)
