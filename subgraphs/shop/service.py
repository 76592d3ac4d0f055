"""Opening a store, keeping products and their stock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from subgraphs.kit.authorization.withdrawn import withdraw
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.shop.carts import CartService
from subgraphs.shop.events import PICTURES, emit_product
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
from subgraphs.shop.money import Money
from subgraphs.shop.repository import ShopRepository

__all__ = ["NewProduct", "ProductChanges", "Services", "ShopService"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_PICTURES = 20
_MOST_STOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class NewProduct:
    """What a new product is made of; without a slug it gets one from its name."""

    name: str
    price: Money
    slug: str | None = None
    description: str | None = None
    on_hand: int = 0
    published: bool = True
    media: Sequence[UUID] = ()
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class ProductChanges:
    """What is None stays."""

    name: str | None = None
    description: str | None = None
    price: Money | None = None
    published: bool | None = None
    media: Sequence[UUID] | None = None


class ShopService:
    """Everything that writes stores and products."""

    def __init__(self, resources: Resources, repository: ShopRepository) -> None:
        self._resources = resources
        self._repository = repository

    async def open_store(self, viewer: UUID, name: str, slug: str | None, description: str | None) -> Store:
        """The viewer's one store. Raises Rejected."""
        store = Store(
            owner_id=viewer,
            name=self._text(name, "name", 100),
            slug=_slug(slug, name),
            description=self._optional(description, "description"),
        )
        try:
            async with self._resources.database.write() as tx:
                tx.add(store, STORE)
                tx.forget(STORE_SLUG, store.slug)
                tx.forget(STORE_OWNER, viewer)
        except IntegrityError as error:
            if "stores_owner" in str(error.orig):
                raise Rejected(ErrorCode.CONFLICT, "You have a store already.") from error
            raise Rejected(ErrorCode.CONFLICT, "This address is taken.", "slug") from error
        return store

    async def create_product(self, viewer: UUID, new: NewProduct) -> Product:
        """A product in the viewer's store. Raises Rejected."""
        if not 0 <= new.on_hand <= _MOST_STOCK:
            raise Rejected(ErrorCode.INVALID_INPUT, "Stock is between 0 and a million.", "onHand")
        fields: dict[str, Any] = {
            "name": self._text(new.name, "name", 200),
            "slug": _slug(new.slug, new.name),
            "description": self._optional(new.description, "description"),
            "media_ids": _pictures(new.media),
        }
        try:
            async with self._resources.database.write() as tx:
                return await self._create(tx, viewer, new, fields)
        except IntegrityError as error:
            raise Rejected(ErrorCode.CONFLICT, "This address is taken.", "slug") from error

    async def _create(
        self, tx: Transaction, viewer: UUID, new: NewProduct, fields: dict[str, Any]
    ) -> Product:
        made = await tx.once(viewer, "createProduct", new.idempotency_key, new)
        if made is not None:
            product = await self._repository.product_for_update(tx, UUID(made))
            if product is None:
                raise Rejected.not_found("product")
            return product
        store = await self._repository.store_of(tx, viewer)
        if store is None:
            raise Rejected(ErrorCode.NOT_FOUND, "Open a store first.")
        product = Product(
            store_id=store.id,
            owner_id=viewer,
            price=new.price.amount,
            currency=new.price.currency,
            published=new.published,
            **fields,
        )
        tx.add(product, PRODUCT)
        tx.forget(PRODUCT_SLUG, product.slug)
        tx.forget(SHELF, store.id)
        tx.forget(STOCK, product.id)
        await tx.session.flush()
        tx.session.add(Stock(product_id=product.id, on_hand=new.on_hand))
        emit_product(tx, product, placed=True)
        await tx.remember(product.id.hex)
        return product

    async def update_product(self, viewer: UUID, product: UUID, changes: ProductChanges) -> Product:
        """Change what is given. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._own_product(tx, viewer, product)
            if changes.name is not None:
                row.name = self._text(changes.name, "name", 200)
            if changes.description is not None:
                row.description = self._optional(changes.description, "description")
            if changes.price is not None:
                row.price, row.currency = changes.price.amount, changes.price.currency
            placed = changes.media is not None or (changes.published is True and not row.published)
            if changes.published is not None:
                row.published = changes.published
            if changes.media is not None:
                row.media_ids = _pictures(changes.media)
            tx.touch(row, PRODUCT)
            emit_product(tx, row, placed=placed)
            if placed or not row.published:  # what it showed before this it shows to nobody any more
                withdraw(tx, PICTURES, product, version=row.version)
        return row

    async def adjust_stock(self, viewer: UUID, product: UUID, delta: int, key: str | None = None) -> Product:
        """Add to, or take from, what is on hand; once, where it is asked for again with its key. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._own_product(tx, viewer, product)
            if await tx.once(viewer, "adjustStock", key, (product, delta)) is not None:
                return row
            if abs(delta) > _MOST_STOCK or not await self._repository.adjust_stock(tx, product, delta):
                message = "Stock cannot fall below what is promised, nor pass a million."
                raise Rejected(ErrorCode.OUT_OF_STOCK, message, "delta")
            await tx.audit(viewer, "stock.adjusted", ("Product", product.hex), delta=delta)
            await tx.remember(product.hex)
            return row

    async def _own_product(self, tx: Transaction, viewer: UUID, product: UUID) -> Product:
        row = await self._repository.product_for_update(tx, product)
        if row is None or row.owner_id != viewer:
            raise Rejected.not_found("product", "id")
        return row

    def _text(self, text: str, field: str, longest: int) -> str:
        text = text.strip()
        if not 1 <= len(text) <= longest:
            message = f"This has between 1 and {longest} characters."
            raise Rejected(ErrorCode.INVALID_INPUT, message, field)
        return text

    def _optional(self, text: str | None, field: str) -> str | None:
        limit = self._resources.settings.limits.text_length
        return self._text(text, field, limit) if text and text.strip() else None


def _slug(given: str | None, name: str) -> str:
    """As given, or from the name in plain letters."""
    if given is None:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        given = "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-")
    if not _SLUG.fullmatch(given) or len(given) > 80:
        message = "An address has lower-case letters and digits, with single hyphens between."
        raise Rejected(ErrorCode.INVALID_INPUT, message, "slug")
    return given


def _pictures(media: Sequence[UUID]) -> list[UUID]:
    if len(media) > _MOST_PICTURES:
        raise Rejected(ErrorCode.INVALID_INPUT, f"At most {_MOST_PICTURES} pictures.", "mediaIds")
    return list(dict.fromkeys(media))


@dataclass(frozen=True, slots=True)
class Services:
    """The shop domain's services, and its repository for reads that are no batches."""

    repository: ShopRepository
    shop: ShopService
    carts: CartService
