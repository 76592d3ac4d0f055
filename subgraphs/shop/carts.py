"""Carts: what someone means to buy. Nothing is promised before checkout."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.shop.models import CART, CART_LINES, Cart, CartLine, Product
from subgraphs.shop.repository import ShopRepository

__all__ = ["CartService"]

_MOST_OF_ONE = 99
_MOST_LINES = 100


class CartService:
    """Everything that writes carts."""

    def __init__(self, resources: Resources, repository: ShopRepository) -> None:
        self._resources = resources
        self._repository = repository

    async def add(self, viewer: UUID, product: Product, quantity: int) -> Cart:
        """Put more of a product, which the viewer may see, in the cart. Raises Rejected."""
        self._check_quantity(quantity, 1)
        async with self._resources.database.write() as tx:
            cart = await self._open(tx, viewer)
            line = await self._repository.line(tx, cart.id, product.id)
            wanted = quantity + (line.quantity if line else 0)
            await self._check_stock(product.id, wanted)
            if line is None:
                if await self._repository.line_count(tx, cart.id) >= _MOST_LINES:
                    raise Rejected(ErrorCode.INVALID_INPUT, f"A cart has at most {_MOST_LINES} lines.")
                tx.add(CartLine(cart_id=cart.id, product_id=product.id, quantity=wanted))
            else:
                line.quantity = wanted
                tx.touch(line)
            return cart

    async def update(self, viewer: UUID, line: UUID, quantity: int) -> Cart:
        """Set how many; 0 removes the line. Raises Rejected."""
        self._check_quantity(quantity, 0)
        async with self._resources.database.write() as tx:
            cart = await self._open(tx, viewer)
            row = await self._own_line(tx, cart, line)
            if quantity == 0:
                await self._repository.remove_line(tx, row)
                return cart
            await self._check_stock(row.product_id, quantity)
            row.quantity = quantity
            tx.touch(row)
            return cart

    async def _open(self, tx: Transaction, viewer: UUID) -> Cart:
        """The viewer's cart, about to change."""
        cart = await self._repository.open_cart(tx, viewer)
        tx.forget(CART, viewer)
        tx.forget(CART_LINES, cart.id)
        return cart

    async def _own_line(self, tx: Transaction, cart: Cart, line: UUID) -> CartLine:
        row = await self._repository.line_by_id(tx, cart.id, line)
        if row is None:
            raise Rejected.not_found("line", "lineId")
        return row

    async def _check_stock(self, product: UUID, wanted: int) -> None:
        self._check_quantity(wanted, 1)
        available = (await self._repository.stock([product])).get(product, 0)
        if wanted > available:
            message = "It is sold out." if available == 0 else f"Only {available} are left."
            raise Rejected(ErrorCode.OUT_OF_STOCK, message, "quantity")

    def _check_quantity(self, quantity: int, least: int) -> None:
        if not least <= quantity <= _MOST_OF_ONE:
            message = f"Between {least} and {_MOST_OF_ONE} of one product."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "quantity")
