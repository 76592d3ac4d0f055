"""Stores, products and carts, and what this domain adds to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import strawberry

from subgraphs.kit.domain.context import Context
from subgraphs.kit.execution import together
from subgraphs.kit.graph.relay import Connection, Node, Page, PageRequest, id_of, to_global
from subgraphs.shop import models
from subgraphs.shop.loaders import Loaders
from subgraphs.shop.money import Money
from subgraphs.shop.schema.stubs import MediaFile
from subgraphs.shop.service import Services

__all__ = ["SCALARS", "Cart", "Info", "Product", "Store", "User"]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]

SCALARS = {
    Money: strawberry.scalar(
        name="Money",
        description='`{"amount": 1999, "currency": "EUR"}`: minor units and an ISO 4217 code.',
        serialize=Money.serialise,
        parse_value=Money.parse,
    )
}


@strawberry.federation.type(keys=["id"])
class User(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> User:  # noqa: A002
        return cls(id=id)

    @strawberry.field
    async def store(self, info: Info) -> Store | None:
        owner = id_of("User", self.id)
        return (
            await Store.load(await info.context.loaders.stores_by_owner.load(owner), info) if owner else None
        )

    @strawberry.field(description="The viewer's own; null on anyone else.")
    async def cart(self, info: Info) -> Cart | None:
        viewer = info.context.viewer.id
        if viewer is None or id_of("User", self.id) != viewer:
            return None
        row = await info.context.loaders.carts.load(viewer)
        return Cart.of(row) if row else None


@strawberry.federation.type(keys=["id"])
class Store(Node):
    raw: strawberry.Private[UUID]
    slug: str
    name: str
    description: str | None
    owner: User | None

    @classmethod
    def of(cls, row: models.Store) -> Store:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("Store", row.id),
            raw=row.id,
            slug=row.slug,
            name=row.name,
            description=row.description,
            owner=User(id=to_global("User", row.owner_id)),
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> Store | None:
        row = await info.context.loaders.visible_store(raw)
        return cls.of(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Store | None:  # noqa: A002
        return await cls.load(id_of("Store", id), info)

    @strawberry.field(description="Newest first.")
    async def products(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Product]:
        request = info.context.page(f"store:{self.raw.hex}", first=first, after=after)
        page = Page.cut(request, await info.context.loaders.pages.load((self.raw, request)))
        return await product_connection(info, request, page)


async def _available(products: Sequence[Product], info: Info) -> list[int]:
    return await info.context.loaders.stock.load_many([product.row.id for product in products])


async def _in_stock(products: Sequence[Product], info: Info) -> list[bool]:
    return [number > 0 for number in await _available(products, info)]


@strawberry.federation.type(keys=["id"])
class Product(Node):
    row: strawberry.Private[models.Product]
    slug: str
    name: str
    description: str | None
    price: Money
    published: bool
    media: list[MediaFile | None]

    @classmethod
    def of(cls, row: models.Product) -> Product:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("Product", row.id),
            row=row,
            slug=row.slug,
            name=row.name,
            description=row.description,
            price=Money(row.price, row.currency),
            published=row.published,
            media=[MediaFile(id=to_global("MediaFile", m)) for m in row.media_ids],
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> Product | None:
        row = await info.context.loaders.visible_product(raw)
        return cls.of(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Product | None:  # noqa: A002
        return await cls.load(id_of("Product", id), info)

    available: int = strawberry.field(resolver=together(_available), description="How many can be had.")
    in_stock: bool = strawberry.field(resolver=together(_in_stock))

    @strawberry.field
    async def store(self, info: Info) -> Store | None:
        return await Store.load(self.row.store_id, info)


@strawberry.type
class CartLine:
    id: strawberry.ID
    raw_product: strawberry.Private[UUID]
    quantity: int

    @strawberry.field(description="Null once it is no longer for sale.")
    async def product(self, info: Info) -> Product | None:
        return await Product.load(self.raw_product, info)

    @strawberry.field
    async def unit_price(self, info: Info) -> Money | None:
        row = await info.context.loaders.visible_product(self.raw_product)
        return Money(row.price, row.currency) if row else None

    @strawberry.field
    async def line_total(self, info: Info) -> Money | None:
        row = await info.context.loaders.visible_product(self.raw_product)
        return Money(row.price, row.currency).times(self.quantity) if row else None


@strawberry.type
class Cart:
    id: strawberry.ID
    raw: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: models.Cart) -> Cart:
        return cls(id=to_global("Cart", row.id), raw=row.id)

    @strawberry.field
    async def lines(self, info: Info) -> list[CartLine]:
        return [
            CartLine(id=to_global("CartLine", row.id), raw_product=row.product_id, quantity=row.quantity)
            for row in await info.context.loaders.lines.load(self.raw)
        ]

    @strawberry.field(description="How many things in all.")
    async def item_count(self, info: Info) -> int:
        return sum(line.quantity for line in await info.context.loaders.lines.load(self.raw))

    @strawberry.field(description="Of what is still for sale; null while empty, or in several currencies.")
    async def total(self, info: Info) -> Money | None:
        amounts: dict[str, int] = {}
        for line in await info.context.loaders.lines.load(self.raw):
            row = await info.context.loaders.visible_product(line.product_id)
            if row:
                amounts[row.currency] = amounts.get(row.currency, 0) + row.price * line.quantity
        return next((Money(a, c) for c, a in amounts.items()), None) if len(amounts) == 1 else None


async def product_connection(
    info: Info, request: PageRequest, page: Page[models.Product]
) -> Connection[Product]:
    """The page without what the viewer may not see."""
    visible = await info.context.loaders.visible_among(page.rows)
    return page.connection(
        request, lambda row: (row.id.hex,), lambda row: Product.of(row) if row.id in visible else None
    )
