"""What one domain holds while it runs, opened once and shared by all its requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.cache import Cache
from subgraphs.kit.clock import Clock, SystemClock
from subgraphs.kit.database import Database
from subgraphs.kit.events import Publisher
from subgraphs.kit.grants import ViewGrants
from subgraphs.kit.identity import Viewer
from subgraphs.kit.limits import Limiter
from subgraphs.kit.live import Live
from subgraphs.kit.loaders import BatchLoader
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.models import SharedTables
from subgraphs.kit.redis import RedisLink
from subgraphs.kit.relations import NO_RELATION, Relation, Relations
from subgraphs.kit.secrets import Sealer
from subgraphs.kit.settings import Settings
from subgraphs.kit.tracing import SpanSink, Tracer
from subgraphs.kit.transaction import Transaction

__all__ = ["Resources", "open_resources"]


@dataclass(frozen=True)
class Resources:
    """Handed to loaders, services, consumers and routes."""

    service: str
    settings: Settings
    clock: Clock
    metrics: Metrics
    tracer: Tracer
    database: Database
    redis: RedisLink
    cache: Cache
    live: Live
    publisher: Publisher
    limiter: Limiter
    relations: Relations
    grants: ViewGrants
    cursors: Sealer

    def relation_loader(self, viewer: Viewer) -> BatchLoader[UUID, Relation]:
        """How the viewer stands to others; for an anonymous caller without asking anything."""

        async def batch(others: object) -> dict[UUID, Relation]:
            if viewer.id is None:
                return {}
            return await self.relations.between(viewer.id, list(others))  # type: ignore[call-overload]

        return BatchLoader(self.service, "relation", batch, NO_RELATION, self.metrics)


@asynccontextmanager
async def open_resources(
    service: str,
    settings: Settings,
    tables: SharedTables,
    metrics: Metrics,
    clock: Clock | None = None,
    spans: SpanSink | None = None,
) -> AsyncIterator[Resources]:
    """Connect, check both servers, and close again at the end. Raises Unavailable."""
    clock = clock or SystemClock()
    tracer = Tracer(service, spans)
    database = Database(
        service,
        settings.database_url,
        tables,
        pool=settings.limits.database_pool,
        metrics=metrics,
        clock=clock,
    )
    redis = RedisLink(settings.redis_url, observe=metrics.redis_commands(service))
    cache = Cache(service, redis, metrics, clock)
    live = Live(service, redis)
    publisher = Publisher(database, redis, cache, metrics, tracer)

    async def after_commit(transaction: Transaction) -> None:
        await cache.bury(transaction.tombstones)
        await live.publish(transaction.live)
        if transaction.events or transaction.tombstones:
            publisher.nudge()

    database.after_commit = after_commit
    try:
        await database.check()
        await redis.check()
        yield Resources(
            service=service,
            settings=settings,
            clock=clock,
            metrics=metrics,
            tracer=tracer,
            database=database,
            redis=redis,
            cache=cache,
            live=live,
            publisher=publisher,
            limiter=Limiter(service, redis),
            relations=Relations(database, redis),
            grants=ViewGrants(settings.secret_key, clock),
            cursors=Sealer(settings.secret_key, "cursor"),
        )
    finally:
        await live.close()
        await redis.close()
        await database.close()
