"""Who may see which store and product."""

from __future__ import annotations

from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.shop.models import Product, Store

__all__ = ["may_see_product", "may_see_store"]


def may_see_store(store: Store | None, owner: Relation) -> bool:
    """Everyone, but across a block."""
    return store is not None and store.deleted_at is None and not owner.severed


def may_see_product(product: Product | None, viewer: Viewer, owner: Relation) -> bool:
    """Everyone once it is published, but across a block; before that its owner alone."""
    if product is None or product.deleted_at is not None or owner.severed:
        return False
    return product.published or product.owner_id == viewer.id
