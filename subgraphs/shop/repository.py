"""The shop domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete, func, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.heads import HEAD
from subgraphs.kit.loading.paging import Listing, ListingByParent
from subgraphs.shop.models import STOCK, Cart, CartLine, Product, Stock, Store

__all__ = ["ShopRepository"]

_shown = or_(col(Product.published), col(Product.owner_id) == given("viewer", Uuid))
_live = col(Product.deleted_at).is_(None)


def _ids(model: Any, key: Any, name: str) -> Read[Any]:
    return Read(select_columns(key, col(model.id)).where(one_of(key, name), col(model.deleted_at).is_(None)))


_STORES = Read(select(Store).where(one_of(col(Store.id), "ids"), col(Store.deleted_at).is_(None)))
_PRODUCTS = Read(select(Product).where(one_of(col(Product.id), "ids"), _live))
_STORES_BY_SLUG = _ids(Store, col(Store.slug), "slugs")
_STORES_BY_OWNER = _ids(Store, col(Store.owner_id), "owners")
_PRODUCTS_BY_SLUG = _ids(Product, col(Product.slug), "slugs")
_STOCK = Read(
    select_columns(col(Stock.product_id), col(Stock.on_hand) - col(Stock.reserved)).where(
        one_of(col(Stock.product_id), "products")
    )
)
_PUBLISHED = Listing(select(Product).where(_shown, _live), [col(Product.id)])
_PAGES = ListingByParent(Product, col(Product.store_id), [col(Product.id)], _shown, _live)
_SHELVES = ListingByParent(Product, col(Product.store_id), [col(Product.id)], _live)
_CARTS = Read(select(Cart).where(one_of(col(Cart.user_id), "users"), col(Cart.deleted_at).is_(None)))
_LINES = Read(
    select(CartLine)
    .where(one_of(col(CartLine.cart_id), "carts"), col(CartLine.deleted_at).is_(None))
    .order_by(col(CartLine.id))
)


class ShopRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stores(self, ids: Sequence[UUID]) -> Sequence[Store]:
        return await self._database.rows(_STORES, ids=ids)

    async def products(self, ids: Sequence[UUID]) -> Sequence[Product]:
        return await self._database.rows(_PRODUCTS, ids=ids)

    async def stores_by_slug(self, slugs: Sequence[str]) -> dict[str, UUID]:
        return dict(await self._database.rows(_STORES_BY_SLUG, slugs=slugs))

    async def stores_by_owner(self, owners: Sequence[UUID]) -> dict[UUID, UUID]:
        return dict(await self._database.rows(_STORES_BY_OWNER, owners=owners))

    async def products_by_slug(self, slugs: Sequence[str]) -> dict[str, UUID]:
        return dict(await self._database.rows(_PRODUCTS_BY_SLUG, slugs=slugs))

    async def stock(self, products: Sequence[UUID]) -> dict[UUID, int]:
        """How many of each can be had."""
        return dict(await self._database.rows(_STOCK, products=products))

    async def published(self, viewer: UUID | None, request: PageRequest) -> Sequence[Product]:
        """Products for sale, newest first, one more than asked for; with the viewer's own drafts."""
        return await _PUBLISHED.page(self._database, request, viewer=viewer)

    async def pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> dict[tuple[UUID, PageRequest], list[Product]]:
        """A page of each store's products."""
        return await _PAGES.pages(self._database, requests, viewer=viewer)

    async def shelves(self, stores: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """The newest of each store's products, drafts among them."""
        heads = await _SHELVES.heads(self._database, stores, HEAD)
        return {store: [row.id for row in rows] for store, rows in heads.items()}

    async def carts(self, users: Sequence[UUID]) -> dict[UUID, Cart]:
        return {row.user_id: row for row in await self._database.rows(_CARTS, users=users)}

    async def lines(self, carts: Sequence[UUID]) -> dict[UUID, list[CartLine]]:
        """Each cart's lines, in the order they were added."""
        found: dict[UUID, list[CartLine]] = {}
        for line in await self._database.rows(_LINES, carts=carts):
            found.setdefault(line.cart_id, []).append(line)
        return found

    async def store_of(self, tx: Transaction, owner: UUID) -> Store | None:
        statement = select(Store).where(Store.owner_id == owner, col(Store.deleted_at).is_(None))
        return (await tx.session.scalars(statement)).first()

    async def product_for_update(self, tx: Transaction, product: UUID) -> Product | None:
        statement = (
            select(Product).where(Product.id == product, col(Product.deleted_at).is_(None)).with_for_update()
        )
        return (await tx.session.scalars(statement)).first()

    async def adjust_stock(self, tx: Transaction, product: UUID, delta: int) -> bool:
        """Add to what is on hand; False where less would be left than is promised."""
        tx.forget(STOCK, product)
        statement = (
            update(Stock)
            .where(
                col(Stock.product_id) == product,
                col(Stock.on_hand) + delta >= col(Stock.reserved),
                col(Stock.on_hand) + delta <= 1_000_000,
            )
            .values(on_hand=Stock.on_hand + delta)
            .returning(col(Stock.product_id))
        )
        return (await tx.session.execute(statement)).first() is not None

    async def open_cart(self, tx: Transaction, user: UUID) -> Cart:
        """The person's cart, locked, made if there is none."""
        cart = Cart(user_id=user, created_at=tx.now, updated_at=tx.now)
        await tx.session.execute(
            upsert(Cart)
            .values(**cart.model_dump())
            .on_conflict_do_nothing(index_elements=["user_id"], index_where=col(Cart.deleted_at).is_(None))
        )
        statement = select(Cart).where(Cart.user_id == user, col(Cart.deleted_at).is_(None)).with_for_update()
        return (await tx.session.scalars(statement)).one()

    async def line(self, tx: Transaction, cart: UUID, product: UUID) -> CartLine | None:
        statement = select(CartLine).where(CartLine.cart_id == cart, CartLine.product_id == product)
        return (await tx.session.scalars(statement)).first()

    async def line_by_id(self, tx: Transaction, cart: UUID, line: UUID) -> CartLine | None:
        statement = select(CartLine).where(CartLine.cart_id == cart, CartLine.id == line)
        return (await tx.session.scalars(statement)).first()

    async def remove_line(self, tx: Transaction, line: CartLine) -> None:
        await tx.session.execute(delete(CartLine).where(col(CartLine.id) == line.id))

    async def line_count(self, tx: Transaction, cart: UUID) -> int:
        statement = select_columns(func.count()).where(col(CartLine.cart_id) == cart)
        return int((await tx.session.execute(statement)).scalar_one())
