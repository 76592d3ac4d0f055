"""The shop domain's mutations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import strawberry

from subgraphs.kit.errors import Rejected
from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.kit.graph.relay import id_of
from subgraphs.shop import models
from subgraphs.shop.money import Money
from subgraphs.shop.schema.types import Cart, Info, Product, Store
from subgraphs.shop.service import NewProduct, ProductChanges

__all__ = ["Mutation"]


@strawberry.input
class OpenStoreInput:
    name: str
    slug: str | None = None
    description: str | None = None


@strawberry.input
class CreateProductInput:
    name: str
    price: Money
    slug: str | None = strawberry.field(default=None, description="Made from the name where it is left out.")
    description: str | None = None
    on_hand: int = 0
    published: bool = True
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    idempotency_key: str | None = None


@strawberry.input(description="What is left out stays as it is.")
class UpdateProductInput:
    id: strawberry.ID
    name: str | None = None
    description: str | None = None
    price: Money | None = None
    published: bool | None = None
    media_ids: list[strawberry.ID] | None = None


@strawberry.input
class AdjustStockInput:
    product_id: strawberry.ID
    delta: int
    idempotency_key: str | None = None


@strawberry.input
class AddToCartInput:
    product_id: strawberry.ID
    quantity: int = 1


@strawberry.input
class UpdateCartLineInput:
    line_id: strawberry.ID
    quantity: int


@strawberry.input
class RemoveFromCartInput:
    line_id: strawberry.ID


@strawberry.type
class StorePayload(Payload):
    store: Store | None = None


@strawberry.type
class ProductPayload(Payload):
    product: Product | None = None


@strawberry.type
class CartPayload(Payload):
    cart: Cart | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation(description="One a person.")
    @user_errors
    async def open_store(self, info: Info, input: OpenStoreInput) -> StorePayload:  # noqa: A002
        viewer, shop = info.context.viewer.require(), info.context.services.shop
        return StorePayload(
            store=Store.of(await shop.open_store(viewer, input.name, input.slug, input.description))
        )

    @strawberry.mutation
    @user_errors
    async def create_product(self, info: Info, input: CreateProductInput) -> ProductPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        new = NewProduct(
            name=input.name,
            price=input.price,
            slug=input.slug,
            description=input.description,
            on_hand=input.on_hand,
            published=input.published,
            media=_pictures(input.media_ids),
            idempotency_key=input.idempotency_key,
        )
        return _product(info, await info.context.services.shop.create_product(viewer, new))

    @strawberry.mutation
    @user_errors
    async def update_product(self, info: Info, input: UpdateProductInput) -> ProductPayload:  # noqa: A002
        viewer, product = info.context.viewer.require(), _raw("Product", input.id, "product", "id")
        changes = ProductChanges(
            name=input.name,
            description=input.description,
            price=input.price,
            published=input.published,
            media=None if input.media_ids is None else _pictures(input.media_ids),
        )
        return _product(info, await info.context.services.shop.update_product(viewer, product, changes))

    @strawberry.mutation(description="Add to what is on hand, or take away from it.")
    @user_errors
    async def adjust_stock(self, info: Info, input: AdjustStockInput) -> ProductPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        product = _raw("Product", input.product_id, "product", "productId")
        adjust = info.context.services.shop.adjust_stock
        return _product(info, await adjust(viewer, product, input.delta, input.idempotency_key))

    @strawberry.mutation
    @user_errors
    async def add_to_cart(self, info: Info, input: AddToCartInput) -> CartPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        raw = _raw("Product", input.product_id, "product", "productId")
        product = await info.context.loaders.visible_product(raw)
        if product is None or not product.published:
            raise Rejected.not_found("product", "productId")
        return _cart(info, await info.context.services.carts.add(viewer, product, input.quantity))

    @strawberry.mutation
    @user_errors
    async def update_cart_line(self, info: Info, input: UpdateCartLineInput) -> CartPayload:  # noqa: A002
        viewer, line = info.context.viewer.require(), _raw("CartLine", input.line_id, "line", "lineId")
        return _cart(info, await info.context.services.carts.update(viewer, line, input.quantity))

    @strawberry.mutation
    @user_errors
    async def remove_from_cart(self, info: Info, input: RemoveFromCartInput) -> CartPayload:  # noqa: A002
        viewer, line = info.context.viewer.require(), _raw("CartLine", input.line_id, "line", "lineId")
        return _cart(info, await info.context.services.carts.update(viewer, line, 0))


def _raw(type_name: str, global_id: str, what: str, field: str) -> UUID:
    raw = id_of(type_name, global_id)
    if raw is None:
        raise Rejected.not_found(what, field)
    return raw


def _pictures(ids: Sequence[str]) -> list[UUID]:
    return [_raw("MediaFile", i, "picture", "mediaIds") for i in ids]


def _product(info: Info, row: models.Product) -> ProductPayload:
    info.context.forget()
    return ProductPayload(product=Product.of(row))


def _cart(info: Info, row: models.Cart) -> CartPayload:
    info.context.forget()
    return CartPayload(cart=Cart.of(row))
