"""The shop domain's tables. Money is minor units (cents) and an ISO 4217 code, never a float."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, Uuid
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from subgraphs.kit.database.models import Entity, live_index, shared_tables

__all__ = [
    "CART",
    "CART_LINES",
    "METADATA",
    "PRODUCT",
    "PRODUCT_SLUG",
    "SHELF",
    "STOCK",
    "STORE",
    "STORE_OWNER",
    "STORE_SLUG",
    "TABLES",
    "Cart",
    "CartLine",
    "Product",
    "Stock",
    "Store",
]

STORE, PRODUCT = "store", "product"
"""The cache's names for the rows."""
STORE_SLUG, STORE_OWNER, PRODUCT_SLUG = "store_slug", "store_owner", "product_slug"
"""Its names for the ids that these keys have."""
SHELF, STOCK = "shelf", "stock"
"""Its names for a store's newest products, and for how many of one can be had."""
CART, CART_LINES = "cart", "cart_lines"
"""Its names for a person's cart, and for what is in a cart."""

_registry = registry()


class _Model(SQLModel, registry=_registry):
    pass


class Store(Entity, _Model, table=True):
    """One a person."""

    __tablename__: ClassVar[Any] = "stores"
    __table_args__ = (
        live_index("stores_slug", "slug", unique=True),
        live_index("stores_owner", "owner_id", unique=True),
    )

    owner_id: UUID
    slug: str
    name: str
    description: str | None = None


class Product(Entity, _Model, table=True):
    """Something for sale. ``owner_id`` is its store's owner, here for the policy."""

    __tablename__: ClassVar[Any] = "products"
    __table_args__ = (
        live_index("products_slug", "slug", unique=True),
        live_index("products_store", "store_id", "id DESC"),
        live_index("products_published", "id DESC", where="published"),
    )

    store_id: UUID = Field(foreign_key="stores.id")
    owner_id: UUID
    slug: str
    name: str
    description: str | None = None
    price: int = Field(sa_type=BigInteger)
    currency: str
    published: bool = True
    media_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))


class Stock(_Model, table=True):
    """How many there are, and how many of those are promised."""

    __tablename__: ClassVar[Any] = "stock"
    __table_args__ = (CheckConstraint("on_hand >= reserved AND reserved >= 0", name="stock_is_real"),)

    product_id: UUID = Field(foreign_key="products.id", primary_key=True)
    on_hand: int
    reserved: int = 0


class Cart(Entity, _Model, table=True):
    """A person's one open cart."""

    __tablename__: ClassVar[Any] = "carts"
    __table_args__ = (live_index("carts_user", "user_id", unique=True),)

    user_id: UUID


class CartLine(Entity, _Model, table=True):
    """A product in a cart."""

    __tablename__: ClassVar[Any] = "cart_lines"
    __table_args__ = (Index("cart_lines_product", "cart_id", "product_id", unique=True),)

    cart_id: UUID = Field(foreign_key="carts.id")
    product_id: UUID = Field(foreign_key="products.id")
    quantity: int


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
