"""The shop domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources
from subgraphs.shop.carts import CartService
from subgraphs.shop.events import HANDLERS
from subgraphs.shop.loaders import Loaders, Sources
from subgraphs.shop.models import METADATA, TABLES
from subgraphs.shop.repository import ShopRepository
from subgraphs.shop.schema import SCHEMA
from subgraphs.shop.seed import seed
from subgraphs.shop.service import Services, ShopService

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository = ShopRepository(resources.database)
    sources = Sources.of(resources, repository)
    yield Runtime(
        services=Services(repository, ShopService(resources, repository), CartService(resources, repository)),
        loaders=lambda viewer: Loaders(sources, viewer),
        handlers=HANDLERS,
    )


DOMAIN = Domain(name="shop", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
