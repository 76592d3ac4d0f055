"""The shop domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.kit.cache import RowCache
from subgraphs.kit.domain import Domain, Runtime
from subgraphs.kit.resources import Resources
from subgraphs.shop.carts import CartService
from subgraphs.shop.events import HANDLERS
from subgraphs.shop.loaders import Loaders
from subgraphs.shop.models import METADATA, PRODUCT, STORE, TABLES, Product, Store
from subgraphs.shop.repository import ShopRepository
from subgraphs.shop.schema import SCHEMA
from subgraphs.shop.seed import seed
from subgraphs.shop.service import Services, ShopService

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository = ShopRepository(resources.database)
    stores = RowCache(resources.cache, STORE, Store, repository.stores, resources.metrics)
    products = RowCache(resources.cache, PRODUCT, Product, repository.products, resources.metrics)
    yield Runtime(
        services=Services(repository, ShopService(resources, repository), CartService(resources, repository)),
        loaders=lambda viewer: Loaders(resources, viewer, repository, stores, products),
        handlers=HANDLERS,
    )


DOMAIN = Domain(name="shop", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
