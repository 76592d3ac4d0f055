"""From a staged upload to stored objects: the sizes, or, where they cannot be made now, what is safe."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from media_core import (
    Films,
    ImageMetadata,
    ImageRejected,
    Picture,
    PoolUnavailable,
    Processed,
    Spec,
    Variant,
    inspect_async,
    is_film,
    process_async,
    sanitize_async,
)
from media_core.spec import Limits
from media_core.storage import ObjectStore
from subgraphs.media.edits import of_whole
from subgraphs.media.processing.progress import Tell
from subgraphs.media.storage.keys import FULL, original_key, rendition_key, still_key
from subgraphs.media.storage.originals import Originals

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
    still: Variant | None = None
    """Of a film."""
    edit: str = ""
    """What it shows of its owner's edits, as keys have it."""


Process: TypeAlias = Callable[[Picture, Spec, Tell | None], Awaitable[Processed]]


class Pipeline:
    """Runs media_core, and puts what comes out into the store."""

    def __init__(
        self,
        store: ObjectStore,
        originals: Originals,
        limits: Limits,
        process: Process = process_async,
        films: Films | None = None,
    ) -> None:
        self._films = films
        self._store = store
        self._originals = originals
        self._process = process
        self._limits = limits

    async def make(self, upload: Path, tell: Tell | None = None, *, keep_copyright: bool = False) -> Work:
        """The sizes of an upload; ``tell`` hears of the stages. Raises ImageRejected, PoolBusy.

        A valid file whose sizes cannot be made just now (time, memory, a crashed worker) is taken all the
        same, DEGRADED, with the whole picture where at least its metadata could be taken off. A film is not: without
        its still there is nothing to show, and its upload must not be.
        """
        try:
            spec = self._spec(keep_copyright=keep_copyright)
            return _work(await self._process(upload, replace(spec, films=self._films), tell), spec)
        except (ImageRejected, PoolUnavailable) as refusal:
            final = isinstance(refusal, ImageRejected) and not refusal.retryable
            if final or await asyncio.to_thread(is_film, upload):
                raise
            return await self._degraded(upload, spec)

    async def again(self, blob: str, turn: int, *, keep_copyright: bool) -> Made:
        """Make and store the sizes of what is stored already, turned by so many quarters, with its copyright or without."""
        spec = self._spec(turn, keep_copyright=keep_copyright)
        async with self._originals.file(original_key(blob)) as original:
            work = _work(await self._process(original, spec, None), spec)
        await self._put(blob, work)
        return work.made

    async def store(self, blob: str, upload: Path, work: Work) -> None:
        """Put the upload and what was made of it where the blob is. Raises StorageError."""
        await self._store.put(original_key(blob), upload)
        if work.still is not None:
            await self._store.put(still_key(blob), work.still.data, content_type=work.still.media_type)
        await self._put(blob, work)

    def _spec(self, turn: int = 0, *, keep_copyright: bool) -> Spec:
        return Spec(full_size=True, limits=self._limits, turn=turn, keep_copyright=keep_copyright)

    async def _put(self, blob: str, work: Work) -> None:
        for name, picture in work.pictures.items():
            key = rendition_key(blob, name, picture.format, edit=work.edit)
            await self._store.put(key, picture.data, content_type=picture.media_type)

    async def _degraded(self, upload: Path, spec: Spec) -> Work:
        metadata = await inspect_async(upload, self._limits)
        pictures: dict[str, Variant] = {}
        with suppress(ImageRejected, PoolUnavailable):
            pictures[FULL] = await sanitize_async(upload, spec)
        return Work(Made("DEGRADED", metadata, _described(pictures)), pictures, edit=_edit(spec))


def _work(processed: Processed, spec: Spec) -> Work:
    """Of a film nothing is kept, so its sizes lie where they do for all."""
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
    return Work(made, pictures, processed.still, "" if processed.still else _edit(spec))


def _edit(spec: Spec) -> str:
    return of_whole(spec.turn, keep_copyright=spec.keep_copyright)


def _packed(colour: tuple[int, int, int]) -> int:
    red, green, blue = colour
    return red << 16 | green << 8 | blue


def _described(pictures: Mapping[str, Variant]) -> dict[str, dict[str, Any]]:
    return {
        name: {"width": v.width, "height": v.height, "format": v.format, "bytes": len(v.data)}
        for name, v in pictures.items()
    }
