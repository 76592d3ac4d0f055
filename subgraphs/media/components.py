"""What takes pictures in, keeps their bytes and lets them go, put together on one object store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from starlette.routing import BaseRoute

from media_core import Films, Limits, process_async
from media_core.storage import ObjectStore, object_store
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.identity.tokens import TokenVerifier
from subgraphs.kit.settings import Storage
from subgraphs.media.jobs.backfill import Backfill
from subgraphs.media.jobs.collector import Collector
from subgraphs.media.jobs.lifecycle import Lifecycle
from subgraphs.media.limits.admission import Admission
from subgraphs.media.processing.ingest import Ingest
from subgraphs.media.processing.pipeline import Pipeline, Process
from subgraphs.media.processing.scanning import scanner_at
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import MediaService
from subgraphs.media.storage.blobs import Blobs
from subgraphs.media.storage.originals import Originals
from subgraphs.media.storage.spans import note_call
from subgraphs.media.storage.staging import Staging
from subgraphs.media.uploads.direct import DirectDoor
from subgraphs.media.uploads.repository import Sessions
from subgraphs.media.uploads.service import Uploads
from subgraphs.media.uploads.tus import TusDoor

__all__ = ["Components", "components_on", "open_components"]


@dataclass(frozen=True)
class Components:
    """Shared by all requests of a process."""

    store: ObjectStore
    originals: Originals
    media: MediaService
    backfill: Backfill
    pipeline: Pipeline
    uploads: Uploads
    direct: DirectDoor
    lifecycle: Lifecycle
    collector: Collector
    admission: Admission

    def routes(self, verifier: TokenVerifier, resources: Resources) -> list[BaseRoute]:
        """The doors of uploads in several steps."""
        settings = resources.settings
        limit, pace = settings.upload_max_bytes, self.admission.pace
        tus = TusDoor(self.uploads, verifier, settings.public_url, limit, pace)
        return [*tus.routes(), *self.direct.routes()]

    def jobs(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """What runs beside requests."""
        return {
            "backfill": self.backfill.run,
            "finishing": self.lifecycle.finishing,
            "housekeeping": self.lifecycle.housekeeping,
            "collection": self.collector.run,
        }


@asynccontextmanager
async def open_components(
    resources: Resources, process: Process = process_async
) -> AsyncIterator[Components]:
    """On the store of the settings; closed after the block. Raises StorageUnavailable."""
    settings = resources.settings
    address = settings.object_store_url or settings.home / "objects"
    store = object_store(address, settings.storage.public_url, note_call)
    try:
        await store.start()
        components = await components_on(resources, store, process)
        await components.collector.mark()
        yield components
    finally:
        await store.close()


def limits_of(storage: Storage, max_bytes: int) -> Limits:
    """What a picture of at most so many bytes may be."""
    return Limits(
        max_bytes=max_bytes,
        max_pixels=storage.picture_pixels,
        max_side=storage.picture_side,
        max_frames=storage.picture_frames,
        max_animation_pixels=storage.animation_pixels,
    )


def films_of(storage: Storage) -> Films | None:
    """Which are taken; None where none are."""
    if not storage.films:
        return None
    return Films(storage.films, storage.film_max_bytes, storage.film_seconds, storage.film_pixels)


async def components_on(
    resources: Resources,
    store: ObjectStore,
    process: Process = process_async,
    grace: timedelta | None = None,
) -> Components:
    """On this store; ``grace`` other than the settings'."""
    settings, database = resources.settings, resources.database
    staging = Staging(settings.home / "uploads", settings.upload_max_bytes)
    await asyncio.to_thread(staging.start)
    repository, sessions = MediaRepository(database), Sessions(database)
    admission = Admission(settings.storage)
    originals, films = Originals(store, staging), films_of(settings.storage)
    limits = limits_of(settings.storage, settings.upload_max_bytes)
    pipeline = Pipeline(store, originals, limits, process, films)
    ingest = Ingest(resources, repository, pipeline, scanner_at(settings.storage.scanner_url))
    media = MediaService(resources, repository, pipeline, ingest, staging)
    uploads = Uploads(resources, sessions, ingest, staging, store)
    if grace is None:
        grace = timedelta(minutes=settings.storage.grace_minutes)
    return Components(
        store=store,
        originals=originals,
        media=media,
        backfill=Backfill(resources, repository, media.finish),
        pipeline=pipeline,
        uploads=uploads,
        direct=DirectDoor(resources, sessions, store, admission.pace),
        lifecycle=Lifecycle(resources, repository, media, sessions, uploads, store),
        collector=Collector(database, Blobs(database), store, resources.clock, grace),
        admission=admission,
    )
