"""The media domain, declared: what `kit` needs to run it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import media_core
from media_core.storage import ObjectStore, object_store
from subgraphs.kit.cache import RowCache
from subgraphs.kit.domain import Domain, Runtime
from subgraphs.kit.resources import Resources
from subgraphs.media.addresses import Addresses
from subgraphs.media.blobs import Blobs
from subgraphs.media.collector import Collector
from subgraphs.media.doors import MediaDoors
from subgraphs.media.events import HANDLERS
from subgraphs.media.images import ImageDoor
from subgraphs.media.intake import Intake
from subgraphs.media.loaders import Loaders
from subgraphs.media.metrics import MediaMetrics
from subgraphs.media.models import MEDIA, METADATA, TABLES, MediaFile
from subgraphs.media.pipeline import Pipeline
from subgraphs.media.renditions import Renditions
from subgraphs.media.repository import MediaRepository
from subgraphs.media.schema import SCHEMA
from subgraphs.media.seed import seed
from subgraphs.media.service import MediaService, Services
from subgraphs.media.staging import Staging

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    settings = resources.settings
    store = object_store(settings.object_store_url or settings.home / "objects")
    staging = Staging(settings.home / "uploads", settings.upload_max_bytes)
    await asyncio.to_thread(staging.start)
    await store.start()
    grace = timedelta(minutes=settings.storage.grace_minutes)
    collector = Collector(resources.database, Blobs(resources.database), store, resources.clock, grace)
    await collector.mark()
    media_core.set_observer(resources.metrics.shared("media", MediaMetrics))
    try:
        yield _runtime(resources, store, staging, collector)
    finally:
        await asyncio.to_thread(media_core.close)
        await store.close()


def _runtime(resources: Resources, store: ObjectStore, staging: Staging, collector: Collector) -> Runtime:
    settings, clock = resources.settings, resources.clock
    repository = MediaRepository(resources.database)
    files = RowCache(resources.cache, MEDIA, MediaFile, repository.by_ids, resources.metrics)
    addresses = Addresses(settings.secret_key, settings.public_url, clock)
    pipeline = Pipeline(store, settings.upload_max_bytes)
    intake = Intake(resources, repository, pipeline)
    media = MediaService(resources, repository, pipeline, intake, staging)
    images = ImageDoor(files, addresses, Renditions(store))
    return Runtime(
        services=Services(repository, media, addresses),
        loaders=lambda viewer: Loaders(resources, viewer, repository, files),
        handlers=HANDLERS,
        routes=MediaDoors(resources, repository, media, addresses, images).routes(),
        jobs={"backfill": media.backfill, "collection": collector.run},
    )


DOMAIN = Domain(name="media", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
