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
from subgraphs.kit.settings import Serving
from subgraphs.kit.vitals import Vital
from subgraphs.media.addresses import Addresses, Origins
from subgraphs.media.album_models import ALBUM, Album
from subgraphs.media.album_repository import AlbumRepository
from subgraphs.media.album_writes import AlbumWrites
from subgraphs.media.albums import Albums
from subgraphs.media.blobs import Blobs
from subgraphs.media.cdn import HttpCdn, Purges
from subgraphs.media.collector import Collector
from subgraphs.media.doors import MediaDoors
from subgraphs.media.events import HANDLERS
from subgraphs.media.images import ImageDoor
from subgraphs.media.intake import Intake
from subgraphs.media.library import Library
from subgraphs.media.library_repository import LibraryRepository
from subgraphs.media.loaders import Loaders, Sources
from subgraphs.media.metrics import MediaMetrics
from subgraphs.media.models import MEDIA, METADATA, TABLES, MediaFile
from subgraphs.media.pipeline import Pipeline
from subgraphs.media.quotas import Quotas
from subgraphs.media.readers import Reader
from subgraphs.media.renditions import Renditions
from subgraphs.media.repository import MediaRepository
from subgraphs.media.schema import SCHEMA
from subgraphs.media.seed import seed
from subgraphs.media.service import MediaService
from subgraphs.media.services import Services
from subgraphs.media.sharing import Sharing
from subgraphs.media.snapshots import Snapshots
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
    about = "Jobs of the image pool"
    pool = (
        Vital("media_pool_jobs", about, {"state": "queued"}, lambda: media_core.pool_jobs()[0]),
        Vital("media_pool_jobs", about, {"state": "running"}, lambda: media_core.pool_jobs()[1]),
    )
    try:
        with resources.metrics.vitals.watched(*pool):
            yield _runtime(resources, store, staging, collector)
    finally:
        await asyncio.to_thread(media_core.close)
        await store.close()


def _runtime(resources: Resources, store: ObjectStore, staging: Staging, collector: Collector) -> Runtime:
    settings, database = resources.settings, resources.database
    sources = _sources(resources)
    pipeline = Pipeline(store, settings.upload_max_bytes)
    intake = Intake(resources, sources.repository, pipeline)
    media = MediaService(resources, sources.repository, pipeline, intake, staging)
    purges = Purges(database, resources.clock, _cdn(settings.serving))
    writes = AlbumWrites()
    albums = Albums(resources, writes)
    addresses = _addresses(resources)
    services = Services(
        repository=sources.repository,
        library_reads=sources.library,
        album_reads=sources.albums,
        media=media,
        library=Library(resources, sources.library, purges, media.let_go),
        albums=albums,
        sharing=Sharing(resources, sources.albums, writes, albums),
        addresses=addresses,
        quotas=Quotas(database, settings.storage),
    )
    images = _images(resources, sources, store, addresses)
    return Runtime(
        services=services,
        loaders=lambda viewer: Loaders(sources, Reader(viewer)),
        handlers=HANDLERS,
        routes=MediaDoors(resources, sources.repository, media, addresses, images).routes(),
        jobs={"backfill": media.backfill, "collection": collector.run, "purges": purges.run},
    )


def _sources(resources: Resources) -> Sources:
    database, cache, metrics = resources.database, resources.cache, resources.metrics
    repository, albums = MediaRepository(database), AlbumRepository(database)
    return Sources(
        resources=resources,
        repository=repository,
        albums=albums,
        library=LibraryRepository(database),
        file_rows=RowCache(cache, MEDIA, MediaFile, repository.by_ids, metrics),
        album_rows=RowCache(cache, ALBUM, Album, albums.albums, metrics),
    )


def _addresses(resources: Resources) -> Addresses:
    settings = resources.settings
    secrets = [settings.secret_key, settings.serving.previous_secret]
    origins = Origins(settings.public_url, settings.serving.cdn_url)
    return Addresses([s for s in secrets if s], origins, resources.clock)


def _images(resources: Resources, sources: Sources, store: ObjectStore, addresses: Addresses) -> ImageDoor:
    serving = resources.settings.serving

    async def sees(row: MediaFile, reader: Reader) -> bool:
        return row.id in await Loaders(sources, reader).visible_among([row])

    return ImageDoor(
        Snapshots(sources.file_rows),
        addresses,
        Renditions(store, memory=serving.memory_bytes, flights=serving.renditions),
        sees,
        surrogate_keys=bool(serving.cdn_url or serving.cdn_purge_url),
    )


def _cdn(serving: Serving) -> HttpCdn | None:
    if serving.cdn_purge_url is None:
        return None
    return HttpCdn(serving.cdn_purge_url, serving.cdn_purge_method, serving.cdn_purge_token)


DOMAIN = Domain(name="media", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
