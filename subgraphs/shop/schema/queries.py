"""The shop domain's root fields."""

from __future__ import annotations

import strawberry

from subgraphs.kit.graph.relay import Connection, Page
from subgraphs.shop.schema.types import Info, Product, Store, product_connection

__all__ = ["Query"]


@strawberry.type
class Query:
    @strawberry.field
    async def product(self, info: Info, slug: str) -> Product | None:
        return await Product.load(await info.context.loaders.products_by_slug.load(slug), info)

    @strawberry.field
    async def store(self, info: Info, slug: str) -> Store | None:
        return await Store.load(await info.context.loaders.stores_by_slug.load(slug), info)

    @strawberry.field(description="What is for sale, newest first.")
    async def products(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Product]:
        request = info.context.page("products", first=first, after=after)
        rows = await info.context.services.repository.published(info.context.viewer.id, request)
        return await product_connection(info, request, Page.cut(request, rows))
