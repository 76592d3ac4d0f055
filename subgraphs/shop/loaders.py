"""What one request loads of stores, products and carts, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.database.reads import row_type
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.loading.heads import SeenHeads
from subgraphs.kit.loading.loaders import BatchLoader, RowLoader
from subgraphs.shop.models import (
    CART,
    CART_LINES,
    PRODUCT,
    PRODUCT_SLUG,
    SHELF,
    STOCK,
    STORE,
    STORE_OWNER,
    STORE_SLUG,
    Cart,
    CartLine,
    Product,
    Store,
)
from subgraphs.shop.policies import may_see_product, may_see_store
from subgraphs.shop.repository import ShopRepository

__all__ = ["Loaders", "Sources"]

_Request = tuple[UUID, PageRequest]


@dataclass(frozen=True, slots=True)
class Sources:
    """What loaders read from, made once a process."""

    resources: Resources
    repository: ShopRepository
    stores: RowCache[Store]
    products: RowCache[Product]
    stores_by_slug: Lookup[str, UUID]
    stores_by_owner: Lookup[UUID, UUID]
    products_by_slug: Lookup[str, UUID]
    shelves: Lookup[UUID, list[UUID]]
    stock: Lookup[UUID, int]
    carts: Lookup[UUID, Cart]
    lines: Lookup[UUID, list[CartLine]]

    @classmethod
    def of(cls, resources: Resources, repository: ShopRepository) -> Sources:
        return cls(
            resources,
            repository,
            stores=resources.rows(STORE, Store, repository.stores),
            products=resources.rows(PRODUCT, Product, repository.products),
            stores_by_slug=resources.lookup(STORE_SLUG, UUID, repository.stores_by_slug),
            stores_by_owner=resources.lookup(STORE_OWNER, UUID, repository.stores_by_owner),
            products_by_slug=resources.lookup(PRODUCT_SLUG, UUID, repository.products_by_slug),
            shelves=resources.lookup(SHELF, list[UUID], repository.shelves),
            stock=resources.lookup(STOCK, int, repository.stock),
            carts=resources.lookup(CART, row_type(Cart), repository.carts),
            lines=resources.lookup(CART_LINES, list[row_type(CartLine)], repository.lines),  # type: ignore[misc]
        )


class _VisibleProducts:
    """The products that one viewer may see. The loader of pages knows this, and this does not know it: what a request has
    loaded goes with it, and waits for no collector."""

    def __init__(
        self, products: RowLoader[Product], relations: BatchLoader[UUID, Relation], viewer: Viewer
    ) -> None:
        self._products = products
        self._relations = relations
        self._viewer = viewer

    async def each(self, ids: Sequence[UUID]) -> list[Product | None]:
        """Each, where the viewer may see it."""
        rows = await self._products.load_many(ids)
        seen = await self.among([row for row in rows if row])
        return [row if row and row.id in seen else None for row in rows]

    async def among(self, products: Sequence[Product]) -> set[UUID]:
        """Which of these rows the viewer may see."""
        relations = await self._relations.load_many([product.owner_id for product in products])
        return {
            product.id
            for product, relation in zip(products, relations, strict=True)
            if may_see_product(product, self._viewer, relation)
        }


class Loaders:
    """One request's loaders."""

    def __init__(self, sources: Sources, viewer: Viewer) -> None:
        resources, repository = sources.resources, sources.repository
        service, metrics = resources.service, resources.metrics
        self._stores = RowLoader(service, sources.stores, metrics)
        self._products = RowLoader(service, sources.products, metrics)
        self.relations = resources.relation_loader(viewer)
        visible = _VisibleProducts(self._products, self.relations, viewer)
        self.visible_among = visible.among
        self.stores_by_slug: BatchLoader[str, UUID | None] = BatchLoader(
            service, STORE_SLUG, sources.stores_by_slug.load, None, metrics
        )
        self.stores_by_owner: BatchLoader[UUID, UUID | None] = BatchLoader(
            service, STORE_OWNER, sources.stores_by_owner.load, None, metrics
        )
        self.products_by_slug: BatchLoader[str, UUID | None] = BatchLoader(
            service, PRODUCT_SLUG, sources.products_by_slug.load, None, metrics
        )
        self.stock: BatchLoader[UUID, int] = BatchLoader(service, STOCK, sources.stock.load, 0, metrics)
        self.carts: BatchLoader[UUID, Cart | None] = BatchLoader(
            service, CART, sources.carts.load, None, metrics
        )
        self.lines: BatchLoader[UUID, list[CartLine]] = BatchLoader(
            service, CART_LINES, sources.lines.load, [], metrics
        )

        async def rest(requests: Sequence[_Request]) -> dict[_Request, list[Product]]:
            return await repository.pages(viewer.id, requests)

        self.pages: BatchLoader[_Request, list[Product]] = BatchLoader(
            service,
            "products_page",
            SeenHeads(sources.shelves, visible.each, rest).pages,
            [],
            metrics,
        )

    async def visible_store(self, store: UUID | None) -> Store | None:
        """The store, where the viewer may see it."""
        row = await self._stores.load(store) if store else None
        return row if row and may_see_store(row, await self.relations.load(row.owner_id)) else None

    async def visible_product(self, product: UUID | None) -> Product | None:
        """The product, where the viewer may see it."""
        row = await self._products.load(product) if product else None
        return row if row and row.id in await self.visible_among([row]) else None
