"""The ai domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.ai.index import Indexer
from subgraphs.ai.loaders import Loaders, Sources
from subgraphs.ai.models import METADATA, TABLES
from subgraphs.ai.providers import LocalProvider
from subgraphs.ai.repository import SearchRepository
from subgraphs.ai.schema import SCHEMA
from subgraphs.ai.seed import seed
from subgraphs.ai.service import Services
from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository, provider = SearchRepository(resources.database), LocalProvider()
    sources = Sources.of(resources, repository)
    yield Runtime(
        services=Services(repository, provider),
        loaders=lambda viewer: Loaders(sources, viewer),
        handlers=Indexer(provider, repository).handlers(),
    )


DOMAIN = Domain(name="ai", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
