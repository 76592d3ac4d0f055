"""From a staged upload to stored objects: the sizes, or, where they cannot be made now, what is safe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from media_core import (
    ImageMetadata,
    ImageRejected,
    Picture,
    PoolUnavailable,
    Processed,
    RejectCode,
    Spec,
    Variant,
    inspect_async,
    process_async,
    sanitize_async,
)
from media_core.spec import Limits
from media_core.storage import ObjectMissing, ObjectStore
from subgraphs.media.edits import of_turn
from subgraphs.media.objects import FULL, original_key, rendition_key
from subgraphs.media.stages import Tell
from subgraphs.media.staging import Joined, Staging, TooLarge

__all__ = ["Made", "Pipeline", "Process", "Work"]


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of a picture: the columns of its row."""

    status: str
    metadata: ImageMetadata
    variants: dict[str, dict[str, Any]]
    blur_placeholder: str | None = None
    thumbhash: str | None = None
    dominant_color: int | None = None
    blurhash: str | None = None
    palette: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A picture that is made, and not stored yet."""

    made: Made
    pictures: Mapping[str, Variant]


Process: TypeAlias = Callable[[Picture, Spec, Tell | None], Awaitable[Processed]]


class Pipeline:
    """Runs media_core, and puts what comes out into the store."""

    def __init__(
        self, store: ObjectStore, staging: Staging, max_bytes: int, process: Process = process_async
    ) -> None:
        self._store = store
        self._staging = staging
        self._process = process
        self._limits = Limits(max_bytes=max_bytes)

    async def make(self, upload: Path, tell: Tell | None = None) -> Work:
        """The sizes of an upload; ``tell`` hears of the stages. Raises ImageRejected, PoolBusy.

        A valid file whose sizes cannot be made just now (time, memory, a crashed worker) is taken all the
        same, DEGRADED, with the whole picture where at least its metadata could be taken off.
        """
        try:
            return _work(await self._process(upload, Spec(full_size=True, limits=self._limits), tell))
        except ImageRejected as refusal:
            if not refusal.retryable:
                raise
            return await self._degraded(upload)
        except PoolUnavailable:
            return await self._degraded(upload)

    async def again(self, blob: str, turn: int) -> Made:
        """Make and store the sizes of what is stored already, turned by so many quarters."""
        spec = Spec(full_size=True, limits=self._limits, turn=turn)
        async with self._original(blob) as original:
            work = _work(await self._process(original, spec, None))
        await self._put(blob, work, of_turn(turn))
        return work.made

    async def store(self, blob: str, upload: Path, work: Work) -> None:
        """Put the upload and what was made of it where the blob is. Raises StorageError."""
        await self._store.put(original_key(blob), upload)
        await self._put(blob, work)

    @asynccontextmanager
    async def _original(self, blob: str) -> AsyncIterator[Path]:
        """As a file, whatever the store: many may wait for a worker, and each would hold one in memory."""
        key = original_key(blob)
        local = self._store.local(key)
        if local is None:
            try:
                async with self._staging.staged(Joined(self._store, [key])) as staged:
                    yield staged.path
            except TooLarge as error:  # by a limit that is lower now
                raise ImageRejected(RejectCode.TOO_MANY_BYTES) from error
        elif await asyncio.to_thread(local.is_file):
            yield local
        else:
            raise ObjectMissing(key)

    async def _put(self, blob: str, work: Work, edit: str = "") -> None:
        for name, picture in work.pictures.items():
            key = rendition_key(blob, name, picture.format, edit=edit)
            await self._store.put(key, picture.data, content_type=picture.media_type)

    async def _degraded(self, upload: Path) -> Work:
        metadata = await inspect_async(upload, self._limits)
        pictures: dict[str, Variant] = {}
        with suppress(ImageRejected, PoolUnavailable):
            pictures[FULL] = await sanitize_async(upload, self._limits)
        return Work(Made("DEGRADED", metadata, _described(pictures)), pictures)


def _work(processed: Processed) -> Work:
    pictures = dict(processed.variants)
    if processed.full is not None:
        pictures[FULL] = processed.full
    made = Made(
        status="READY",
        metadata=processed.metadata,
        variants=_described(pictures),
        blur_placeholder=processed.blur_placeholder,
        thumbhash=processed.thumbhash,
        dominant_color=_packed(processed.dominant_color),
        blurhash=processed.blurhash,
        palette=tuple(map(_packed, processed.palette)),
    )
    return Work(made, pictures)


def _packed(colour: tuple[int, int, int]) -> int:
    red, green, blue = colour
    return red << 16 | green << 8 | blue


def _described(pictures: Mapping[str, Variant]) -> dict[str, dict[str, Any]]:
    return {
        name: {"width": v.width, "height": v.height, "format": v.format, "bytes": len(v.data)}
        for name, v in pictures.items()
    }
