"""The collaboration domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.collaboration.events import HANDLERS
from subgraphs.collaboration.loaders import Loaders, Sources
from subgraphs.collaboration.models import METADATA, TABLES
from subgraphs.collaboration.repository import CollaborationRepository
from subgraphs.collaboration.schema import SCHEMA
from subgraphs.collaboration.seed import seed
from subgraphs.collaboration.service import CollaborationService, Services
from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository = CollaborationRepository(resources.database)
    sources = Sources.of(resources, repository)
    yield Runtime(
        services=Services(repository, CollaborationService(resources, repository)),
        loaders=lambda viewer: Loaders(sources, viewer),
        handlers=HANDLERS,
    )


DOMAIN = Domain(name="collaboration", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
