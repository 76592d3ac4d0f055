"""A media service whose pictures cost nothing to make, on a store of the test's own."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from os import PathLike
from pathlib import Path

from starlette.datastructures import UploadFile

from media_core import ImageMetadata, Processed, Variant
from media_core.storage import ObjectStore
from subgraphs.kit.resources import Resources
from subgraphs.media.blobs import Blobs
from subgraphs.media.cdn import Purges
from subgraphs.media.collector import Collector
from subgraphs.media.intake import Intake
from subgraphs.media.library import Library
from subgraphs.media.library_repository import LibraryRepository
from subgraphs.media.pipeline import Pipeline
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import MediaService, Upload
from subgraphs.media.staging import Staging

__all__ = ["Bench", "bench", "picture", "stored_keys"]


@dataclass(frozen=True)
class Bench:
    """The parts under test, sharing one store."""

    store: ObjectStore
    intake: Intake
    media: MediaService
    blobs: Blobs
    library: Library
    collector: Collector
    """Without a grace: what may go goes at once."""


def bench(
    resources: Resources,
    store: ObjectStore,
    folder: Path,
    process: Callable[..., Awaitable[Processed]] | None = None,
) -> Bench:
    repository, blobs = MediaRepository(resources.database), Blobs(resources.database)
    pipeline = Pipeline(store, 1 << 20, process or _instant)
    intake = Intake(resources, repository, pipeline)
    staging = Staging(folder, 1 << 20)
    staging.start()
    media = MediaService(resources, repository, pipeline, intake, staging)
    collector = Collector(resources.database, blobs, store, resources.clock, timedelta())
    purges = Purges(resources.database, resources.clock, None)
    library = Library(resources, LibraryRepository(resources.database), purges, media.let_go)
    return Bench(store, intake, media, blobs, library, collector)


def picture(data: bytes, visibility: str = "PUBLIC") -> Upload:
    return Upload(UploadFile(io.BytesIO(data), filename="picture.jpg"), visibility)


async def stored_keys(store: ObjectStore, prefix: str = "sha256/") -> list[str]:
    return sorted([info.key async for info in store.list(prefix)])


async def _instant(source: bytes | PathLike[str], spec: object) -> Processed:
    data = source if isinstance(source, bytes) else await asyncio.to_thread(Path(source).read_bytes)
    return Processed(
        variants={"small": Variant(b"small " + data[:10], 4, 3, "webp")},
        blur_placeholder="data:image/webp;base64,",
        thumbhash="",
        dominant_color=(1, 2, 3),
        metadata=ImageMetadata(4, 3, "jpeg", len(data)),
        full=Variant(b"full " + data[:10], 4, 3, "jpeg"),
    )
