"""A media service whose pictures cost nothing to make, on a store of the test's own."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from os import PathLike
from pathlib import Path

from starlette.datastructures import UploadFile

from media_core import ImageMetadata, Processed, Variant
from media_core.storage import DiskStore, ObjectStore
from subgraphs.kit.domain.resources import Resources
from subgraphs.media.components import Components, components_on
from subgraphs.media.library.editing import Editing
from subgraphs.media.library.repository import LibraryRepository
from subgraphs.media.library.service import Library
from subgraphs.media.models import MediaFile
from subgraphs.media.processing.pipeline import Process
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import Upload
from subgraphs.media.serving.cdn import Cdn, Purges

__all__ = ["Far", "bench", "delete", "editing_on", "instant", "picture", "stored_keys"]


class Far(DiskStore):
    """Keeps its files where nobody else can open them."""

    def local(self, key: str) -> Path | None:
        return None


async def bench(resources: Resources, store: ObjectStore, process: Process | None = None) -> Components:
    """Without a grace: what may go goes at once."""
    return await components_on(resources, store, process or instant, timedelta())


async def delete(resources: Resources, components: Components, row: MediaFile) -> None:
    """As its owner does."""
    purges = Purges(resources.database, resources.clock, None)
    library = Library(resources, LibraryRepository(resources.database), purges, components.media.let_go)
    await library.delete(row.owner_id, [row.id])


def editing_on(resources: Resources, components: Components, cdn: Cdn | None = None) -> Editing:
    purges = Purges(resources.database, resources.clock, cdn)
    repository = MediaRepository(resources.database)
    return Editing(resources, repository, components.pipeline, components.admission, purges)


def picture(data: bytes, visibility: str = "PUBLIC") -> Upload:
    return Upload(UploadFile(io.BytesIO(data), filename="picture.jpg"), visibility)


async def stored_keys(store: ObjectStore, prefix: str = "sha256/") -> list[str]:
    return sorted([info.key async for info in store.list(prefix)])


async def instant(source: bytes | PathLike[str], *_: object) -> Processed:
    data = source if isinstance(source, bytes) else await asyncio.to_thread(Path(source).read_bytes)
    return Processed(
        variants={"small": Variant(b"small " + data[:10], 4, 3, "webp")},
        blur_placeholder="data:image/webp;base64,",
        thumbhash="",
        dominant_color=(1, 2, 3),
        metadata=ImageMetadata(4, 3, "jpeg", len(data)),
        full=Variant(b"full " + data[:10], 4, 3, "jpeg"),
    )
