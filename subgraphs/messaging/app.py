"""The messaging domain, declared: what `kit` needs to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.kit.cache import RowCache
from subgraphs.kit.domain import Domain, Runtime
from subgraphs.kit.resources import Resources
from subgraphs.messaging.events import HANDLERS
from subgraphs.messaging.loaders import Loaders
from subgraphs.messaging.models import CONVERSATION, MESSAGE, METADATA, TABLES, Conversation, Message
from subgraphs.messaging.repository import MessagingRepository
from subgraphs.messaging.schema import SCHEMA
from subgraphs.messaging.seed import seed
from subgraphs.messaging.service import MessagingService, Services

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    repository = MessagingRepository(resources.database)
    cache, metrics = resources.cache, resources.metrics
    conversations = RowCache(cache, CONVERSATION, Conversation, repository.conversations, metrics)
    messages = RowCache(cache, MESSAGE, Message, repository.messages, metrics)
    yield Runtime(
        services=Services(repository, MessagingService(resources, repository)),
        loaders=lambda viewer: Loaders(resources, viewer, repository, conversations, messages),
        handlers=HANDLERS,
    )


DOMAIN = Domain(name="messaging", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
