"""What one domain holds while it runs, opened once and shared by all its requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from subgraphs.kit.authorization.grants import ViewGrants
from subgraphs.kit.authorization.relations import NO_RELATION, Relation, Relations
from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.cache.trust import Trust
from subgraphs.kit.clock import Clock, SystemClock
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.models import Entity, SharedTables
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.events.live import Live
from subgraphs.kit.events.publisher import Publisher
from subgraphs.kit.identity.secrets import Sealer
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.loading.loaders import BatchLoader
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.redis.rate_limits import Limiter
from subgraphs.kit.settings import Settings
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import SpanSink, Tracer
from subgraphs.kit.telemetry.vitals import Vital

__all__ = ["Resources", "open_resources"]

Row = TypeVar("Row", bound=Entity)
K = TypeVar("K", bound=str | UUID)
V = TypeVar("V")
_PAUSES = (0.25, 0.5, 1.0)


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
    trust: Trust
    live: Live
    publisher: Publisher
    limiter: Limiter
    relations: Relations
    grants: ViewGrants
    cursors: Sealer

    def rows(
        self, entity: str, model: type[Row], fetch: Callable[[Sequence[UUID]], Awaitable[Sequence[Row]]]
    ) -> RowCache[Row]:
        """An entity's rows by id, through the cache."""
        return RowCache(self.cache, entity, model, fetch, self.metrics)

    def lookup(
        self, name: str, kind: Any, fetch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]
    ) -> Lookup[K, V]:
        """Values of a kind by another key, through the cache."""
        return Lookup(self.cache, name, kind, fetch, self.metrics)

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
        pooled=settings.database_pooled,
    )
    redis = RedisLink(settings.redis_url, observe=metrics.redis_commands(service))
    trust = Trust(database)
    cache = Cache(
        service,
        redis,
        metrics,
        clock,
        believed=trust.held,
        reading=settings.caching,
        memory=settings.limits.decoded_bytes,
    )
    live = Live(service, redis, metrics)
    publisher = Publisher(database, redis, cache, trust, metrics, tracer)

    database.after_commit = _told_after_commit(cache, trust, live, publisher)
    try:
        await _answered(database.check)
        await _answered(redis.check)
        metrics.cache_up.labels(service).set(1)
        resources = Resources(
            service=service,
            settings=settings,
            clock=clock,
            metrics=metrics,
            tracer=tracer,
            database=database,
            redis=redis,
            cache=cache,
            trust=trust,
            live=live,
            publisher=publisher,
            limiter=Limiter(service, redis),
            relations=Relations(database, cache, metrics),
            grants=ViewGrants(settings.secret_key, clock),
            cursors=Sealer(settings.secret_key, "cursor"),
        )
        with metrics.vitals.watched(*vitals_of(resources)):
            yield resources
    finally:
        await live.close()
        await redis.close()
        await database.close()


async def _answered(check: Callable[[], Awaitable[None]]) -> None:
    """Raise Unavailable where it is away at the fourth time, too: a server is slow once while everything starts at the same time."""
    for pause in _PAUSES:
        try:
            await check()
            return
        except Unavailable:
            await asyncio.sleep(pause)
    await check()


def _told_after_commit(
    cache: Cache, trust: Trust, live: Live, publisher: Publisher
) -> Callable[[Transaction], Awaitable[None]]:
    """What is told of each commit before it is answered: to the cache, to other domains, to subscribers."""

    async def after_commit(transaction: Transaction) -> None:
        buried = await cache.bury(transaction.tombstones, transaction.notices)
        if transaction.events or transaction.repeats:
            publisher.nudge()
        if not buried:
            await trust.regained(transaction.repeats)
        await live.publish(transaction.live)

    return after_commit


def vitals_of(resources: Resources) -> Iterator[Vital]:
    """Pools as OpenTelemetry names them, the breaker, and how far events are behind.

    Its ``db.client.connection.count`` has no ``_count`` here: Prometheus has that for histograms.
    """
    service, redis = resources.service, resources.redis
    readers, writers = resources.database.readers, resources.database.writers
    count, about = "db_client_connections", "Connections, by state"
    pools: dict[str, tuple[Callable[[], int], Callable[[], int]]] = {
        service: (lambda: readers.used, lambda: readers.idle),
        f"{service}-writes": (writers.checkedout, writers.checkedin),
        f"{service}-redis": (redis.used, redis.idle),
    }
    for name, (used, idle) in pools.items():
        yield Vital(count, about, _pool(name, db_client_connection_state="used"), used)
        yield Vital(count, about, _pool(name, db_client_connection_state="idle"), idle)
    limits = {service: readers.most, f"{service}-writes": writers.size()}
    for name, most in limits.items():
        yield Vital("db_client_connection_max", "Connections at most", _pool(name), partial(int, most))
    about = "Requests that wait for a connection"
    waiting = "db_client_connection_pending_requests"
    yield Vital(waiting, about, _pool(service), lambda: readers.waiting)
    yield Vital(waiting, about, _pool(f"{service}-writes"), lambda: writers.waiting)
    yield Vital(
        "circuit_breaker_open",
        "Whether a server that failed is not asked just now",
        {"service": service, "target": "cache"},
        lambda: not redis.available,
    )
    about = "Seconds that the oldest event waits which is not published"
    yield Vital("outbox_oldest_age_seconds", about, {"service": service}, resources.publisher.age)


def _pool(name: str, **labels: str) -> dict[str, str]:
    return {"db_client_connection_pool_name": name, **labels}
