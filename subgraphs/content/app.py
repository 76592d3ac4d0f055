"""The content domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.content.events import HANDLERS
from subgraphs.content.loaders import Loaders, Sources
from subgraphs.content.models import METADATA, TABLES
from subgraphs.content.repository import ContentRepository
from subgraphs.content.schema import SCHEMA
from subgraphs.content.seed import seed
from subgraphs.content.service import ContentService, Services
from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository = ContentRepository(resources.database)
    sources = Sources.of(resources, repository)
    yield Runtime(
        services=Services(repository, ContentService(resources, repository)),
        loaders=lambda viewer: Loaders(sources, viewer),
        handlers=HANDLERS,
    )


DOMAIN = Domain(name="content", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
