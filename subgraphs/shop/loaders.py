"""What one request loads of stores, products and carts, in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.cache import RowCache
from subgraphs.kit.identity import Viewer
from subgraphs.kit.loaders import BatchLoader, RowLoader
from subgraphs.kit.relay import PageRequest
from subgraphs.kit.resources import Resources
from subgraphs.shop.models import Cart, CartLine, Product, Store
from subgraphs.shop.policies import may_see_product, may_see_store
from subgraphs.shop.repository import ShopRepository

__all__ = ["Loaders"]


class Loaders:
    """One request's loaders."""

    def __init__(
        self,
        resources: Resources,
        viewer: Viewer,
        repository: ShopRepository,
        stores: RowCache[Store],
        products: RowCache[Product],
    ) -> None:
        service, metrics = resources.service, resources.metrics
        self._viewer = viewer
        self._stores = RowLoader(service, stores, metrics)
        self._products = RowLoader(service, products, metrics)
        self.relations = resources.relation_loader(viewer)
        self.stores_by_slug: BatchLoader[str, UUID | None] = BatchLoader(
            service, "store_slug", repository.stores_by_slug, None, metrics
        )
        self.stores_by_owner: BatchLoader[UUID, UUID | None] = BatchLoader(
            service, "store_owner", repository.stores_by_owner, None, metrics
        )
        self.products_by_slug: BatchLoader[str, UUID | None] = BatchLoader(
            service, "product_slug", repository.products_by_slug, None, metrics
        )
        self.stock: BatchLoader[UUID, int] = BatchLoader(service, "stock", repository.stock, 0, metrics)
        self.carts: BatchLoader[UUID, Cart | None] = BatchLoader(
            service, "cart", repository.carts, None, metrics
        )
        self.lines: BatchLoader[UUID, list[CartLine]] = BatchLoader(
            service, "cart_lines", repository.lines, [], metrics
        )

        async def pages(
            requests: Sequence[tuple[UUID, PageRequest]],
        ) -> dict[tuple[UUID, PageRequest], list[Product]]:
            return await repository.pages(viewer.id, requests)

        self.pages: BatchLoader[tuple[UUID, PageRequest], list[Product]] = BatchLoader(
            service, "products_page", pages, [], metrics
        )

    async def visible_store(self, store: UUID | None) -> Store | None:
        """The store, where the viewer may see it."""
        row = await self._stores.load(store) if store else None
        return row if row and may_see_store(row, await self.relations.load(row.owner_id)) else None

    async def visible_product(self, product: UUID | None) -> Product | None:
        """The product, where the viewer may see it."""
        row = await self._products.load(product) if product else None
        return row if row and await self.may_see(row) else None

    async def may_see(self, product: Product) -> bool:
        """The policy, for a row that is here already."""
        return may_see_product(product, self._viewer, await self.relations.load(product.owner_id))

    async def visible_among(self, products: Sequence[Product]) -> set[UUID]:
        """Which of these rows the viewer may see."""
        seen = await asyncio.gather(*(self.may_see(p) for p in products))
        return {p.id for p, visible in zip(products, seen, strict=True) if visible}
