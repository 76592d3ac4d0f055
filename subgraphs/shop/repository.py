"""The shop domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from subgraphs.kit.database import Database
from subgraphs.kit.paging import pages_by_parent
from subgraphs.kit.relay import PageRequest
from subgraphs.kit.transaction import Transaction
from subgraphs.shop.models import Cart, CartLine, Product, Stock, Store

__all__ = ["ShopRepository"]


class ShopRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stores(self, ids: Sequence[UUID]) -> Sequence[Store]:
        return await self._database.rows(
            select(Store).where(col(Store.id).in_(ids), col(Store.deleted_at).is_(None))
        )

    async def products(self, ids: Sequence[UUID]) -> Sequence[Product]:
        return await self._database.rows(
            select(Product).where(col(Product.id).in_(ids), col(Product.deleted_at).is_(None))
        )

    async def stores_by_slug(self, slugs: Sequence[str]) -> dict[str, UUID]:
        return await self._ids(col(Store.slug), col(Store.id), slugs, col(Store.deleted_at))

    async def stores_by_owner(self, owners: Sequence[UUID]) -> dict[UUID, UUID]:
        return await self._ids(col(Store.owner_id), col(Store.id), owners, col(Store.deleted_at))

    async def products_by_slug(self, slugs: Sequence[str]) -> dict[str, UUID]:
        return await self._ids(col(Product.slug), col(Product.id), slugs, col(Product.deleted_at))

    async def stock(self, products: Sequence[UUID]) -> dict[UUID, int]:
        """How many of each can be had."""
        statement = select_columns(col(Stock.product_id), col(Stock.on_hand) - col(Stock.reserved)).where(
            col(Stock.product_id).in_(products)
        )
        return {row[0]: row[1] for row in await self._database.tuples(statement)}

    async def published(self, viewer: UUID | None, request: PageRequest) -> Sequence[Product]:
        """Products for sale, newest first, one more than asked for; with the viewer's own drafts."""
        statement = select(Product).where(
            or_(col(Product.published), col(Product.owner_id) == viewer)
            if viewer
            else col(Product.published),
            col(Product.deleted_at).is_(None),
        )
        if request.key:
            statement = statement.where(col(Product.id) < UUID(request.key[0]))
        statement = statement.order_by(col(Product.id).desc()).limit(request.count + 1)
        return await self._database.rows(statement)

    async def pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> dict[tuple[UUID, PageRequest], list[Product]]:
        """A page of each store's products."""
        shown = col(Product.published)
        return await pages_by_parent(
            self._database,
            Product,
            col(Product.store_id),
            [col(Product.id)],
            requests,
            parse=lambda key: [UUID(key[0])],
            where=(
                or_(shown, col(Product.owner_id) == viewer) if viewer else shown.is_(True),
                col(Product.deleted_at).is_(None),
            ),
        )

    async def carts(self, users: Sequence[UUID]) -> dict[UUID, Cart]:
        rows = await self._database.rows(
            select(Cart).where(col(Cart.user_id).in_(users), col(Cart.deleted_at).is_(None))
        )
        return {row.user_id: row for row in rows}

    async def lines(self, carts: Sequence[UUID]) -> dict[UUID, list[CartLine]]:
        """Each cart's lines, in the order they were added."""
        statement = (
            select(CartLine)
            .where(col(CartLine.cart_id).in_(carts), col(CartLine.deleted_at).is_(None))
            .order_by(col(CartLine.id))
        )
        found: dict[UUID, list[CartLine]] = {}
        for line in await self._database.rows(statement):
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

    async def _ids(self, key: Any, id_: Any, keys: Sequence[Any], deleted_at: Any) -> dict[Any, UUID]:
        rows = await self._database.tuples(
            select_columns(key, id_).where(key.in_(keys), deleted_at.is_(None))
        )
        return {row[0]: row[1] for row in rows}
