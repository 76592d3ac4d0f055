"""The messaging domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources
from subgraphs.messaging.events import HANDLERS
from subgraphs.messaging.loaders import Loaders, Sources
from subgraphs.messaging.models import METADATA, TABLES
from subgraphs.messaging.repository import MessagingRepository
from subgraphs.messaging.schema import SCHEMA
from subgraphs.messaging.seed import seed
from subgraphs.messaging.service import MessagingService, Services

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository = MessagingRepository(resources.database)
    sources = Sources.of(resources, repository)
    yield Runtime(
        services=Services(repository, MessagingService(resources, repository)),
        loaders=lambda viewer: Loaders(sources, viewer),
        handlers=HANDLERS,
    )


DOMAIN = Domain(name="messaging", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
