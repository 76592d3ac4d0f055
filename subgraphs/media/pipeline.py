"""From a staged upload to stored objects: the sizes, or, where they cannot be made now, what is safe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from media_core import (
    ImageMetadata,
    ImageRejected,
    Picture,
    PoolUnavailable,
    Processed,
    Spec,
    Variant,
    inspect_async,
    process_async,
    sanitize_async,
)
from media_core.spec import Limits
from media_core.storage import ObjectStore
from subgraphs.media.objects import FULL, original_key, prefix, rendition_key

__all__ = ["Made", "Pipeline"]


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of a picture once its objects are stored: the columns of its row."""

    status: str
    metadata: ImageMetadata
    variants: dict[str, dict[str, Any]]
    blur_placeholder: str | None = None
    thumbhash: str | None = None
    dominant_color: int | None = None


Process: TypeAlias = Callable[[Picture, Spec], Awaitable[Processed]]


class Pipeline:
    """Runs media_core and puts what comes out into the store."""

    def __init__(self, store: ObjectStore, max_bytes: int, process: Process = process_async) -> None:
        self._store = store
        self._process = process
        self._limits = Limits(max_bytes=max_bytes)

    async def make(self, media: UUID, upload: Path) -> Made:
        """Store the upload and its sizes. Raises ImageRejected, PoolBusy, StorageError.

        A valid file whose sizes cannot be made just now (time, memory, a crashed worker) is stored all the
        same, DEGRADED, with the whole picture where at least its metadata could be taken off.
        """
        try:
            processed = await self._process(upload, Spec(full_size=True, limits=self._limits))
        except ImageRejected as refusal:
            if not refusal.retryable:
                raise
            return await self._degraded(media, upload)
        except PoolUnavailable:
            return await self._degraded(media, upload)
        await self._store.put(original_key(media), upload)
        return await self._stored(media, processed)

    async def again(self, media: UUID) -> Made:
        """As ``make``, for a file that is stored already."""
        original = await self._store.read(original_key(media))
        processed = await self._process(original, Spec(full_size=True, limits=self._limits))
        return await self._stored(media, processed)

    async def discard(self, media: UUID) -> None:
        """Remove every object of a picture."""
        for key in [info.key async for info in self._store.list(prefix(media))]:
            await self._store.delete(key)

    async def _stored(self, media: UUID, processed: Processed) -> Made:
        made = dict(processed.variants)
        if processed.full is not None:
            made[FULL] = processed.full
        for name, variant in made.items():
            await self._put(media, name, variant)
        red, green, blue = processed.dominant_color
        return Made(
            status="READY",
            metadata=processed.metadata,
            variants={name: _described(v) for name, v in made.items()},
            blur_placeholder=processed.blur_placeholder,
            thumbhash=processed.thumbhash,
            dominant_color=red << 16 | green << 8 | blue,
        )

    async def _degraded(self, media: UUID, upload: Path) -> Made:
        metadata = await inspect_async(upload, self._limits)
        variants: dict[str, dict[str, Any]] = {}
        try:
            full = await sanitize_async(upload, self._limits)
        except (ImageRejected, PoolUnavailable):
            pass
        else:
            await self._put(media, FULL, full)
            variants[FULL] = _described(full)
        await self._store.put(original_key(media), upload)
        return Made(status="DEGRADED", metadata=metadata, variants=variants)

    async def _put(self, media: UUID, name: str, variant: Variant) -> None:
        key = rendition_key(media, name, variant.format)
        await self._store.put(key, variant.data, content_type=variant.media_type)


def _described(variant: Variant) -> dict[str, Any]:
    return {
        "width": variant.width,
        "height": variant.height,
        "format": variant.format,
        "bytes": len(variant.data),
    }
