"""The collaboration domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.collaboration.events import HANDLERS
from subgraphs.collaboration.loaders import Loaders
from subgraphs.collaboration.models import DOCUMENT, METADATA, TABLES, WORKSPACE, Document, Workspace
from subgraphs.collaboration.repository import CollaborationRepository
from subgraphs.collaboration.schema import SCHEMA
from subgraphs.collaboration.seed import seed
from subgraphs.collaboration.service import CollaborationService, Services
from subgraphs.kit.cache import RowCache
from subgraphs.kit.domain import Domain, Runtime
from subgraphs.kit.resources import Resources

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository = CollaborationRepository(resources.database)
    cache, metrics = resources.cache, resources.metrics
    workspaces = RowCache(cache, WORKSPACE, Workspace, repository.workspaces, metrics)
    documents = RowCache(cache, DOCUMENT, Document, repository.documents, metrics)
    yield Runtime(
        services=Services(repository, CollaborationService(resources, repository)),
        loaders=lambda viewer: Loaders(resources, viewer, repository, workspaces, documents),
        handlers=HANDLERS,
    )


DOMAIN = Domain(name="collaboration", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
