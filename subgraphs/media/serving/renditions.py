"""Formats made when first asked for: each once, however many ask, and kept."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from media_core import (
    FILM_KINDS,
    PIPELINE_VERSION,
    SIZES,
    Format,
    Picture,
    PoolBusy,
    Variant,
    media_type_of,
)
from media_core.errors import MediaError
from media_core.storage import ObjectMissing, ObjectStore
from subgraphs.media.edits import crop_of, edit_of, moves, size_of
from subgraphs.media.models import MediaFile
from subgraphs.media.serving.rendering import source_key
from subgraphs.media.storage.keys import FULL, ORIGINAL, original_key, rendition_key
from subgraphs.media.storage.originals import Originals

__all__ = ["EXTENSIONS", "Bytes", "Kept", "Rendition", "Renditions", "Stored"]

_AS_UPLOADED = ("gif", "heic", "jxl", *FILM_KINDS)
"""Formats that are taken and never made."""
EXTENSIONS = {**{name: name for name in (*Format, *_AS_UPLOADED)}, "jpg": "jpeg"}
"""What an address may end in, and the format that means."""

_log = logging.getLogger(__name__)
_WHOLE = 1 << 20
"""Objects of more bytes are streamed and never kept in memory."""
_EARLIER = 3
"""How many pipelines back a picture is looked for that this one has not made yet."""
_BUSY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Rendition:
    """What an address names, where the picture has it."""

    row: MediaFile
    name: str
    format: str
    key: str
    size: int | None
    """In bytes, where it is known before it is read."""

    @property
    def media_type(self) -> str:
        return media_type_of(self.format)

    @property
    def streamed(self) -> bool:
        """Whether it is too large to be read at once."""
        return self.size is not None and self.size > _WHOLE


@dataclass(frozen=True, slots=True)
class Bytes:
    """A rendition read, and the pipeline that made it: an earlier one while this one is at work."""

    data: bytes
    pipeline: int

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a rendition lies that is too large to be read at once; the size is the object's own, in bytes."""

    key: str
    size: int
    pipeline: int


class Kept:
    """The bytes asked for last, by key, within a bound: oldest out first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes: OrderedDict[str, bytes] = OrderedDict()
        self._held = 0

    def get(self, key: str) -> bytes | None:
        """The bytes, now the youngest."""
        data = self._bytes.get(key)
        if data is not None:
            self._bytes.move_to_end(key)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep them, unless they alone would push most others out."""
        if len(data) > self._most // 16 or key in self._bytes:
            return
        self._bytes[key] = data
        self._held += len(data)
        while self._held > self._most:
            self._held -= len(self._bytes.popitem(last=False)[1])


Make: TypeAlias = Callable[[Picture, MediaFile, str, str], Awaitable[Variant]]
"""A rendition of this original in a format."""


class Renditions:
    """Reads renditions from the store, and makes those that are not there yet.

    ``memory`` is in bytes; more than ``flights`` at work at a time are refused (PoolBusy).
    """

    def __init__(
        self,
        store: ObjectStore,
        originals: Originals,
        *,
        memory: int,
        flights: int,
        make: Make,
        pipeline: int = PIPELINE_VERSION,
    ) -> None:
        self.store = store
        self._originals = originals
        self.pipeline = pipeline
        self.kept = Kept(memory)
        self._most = flights
        self._make_one = make
        self._flights: dict[str, asyncio.Task[bytes]] = {}

    def find(self, row: MediaFile, name: str, format_: str) -> Rendition | None:
        """What an address names; None where this picture has no such rendition."""
        if name == ORIGINAL:
            key = original_key(row.place)
            return Rendition(row, name, format_, key, row.bytes) if format_ == row.format else None
        stored = row.variants.get(size_of(name))
        moving = moves(row, name)
        made = moving or crop_of(row, name) is not None
        if stored is None or not (made or name in SIZES or name == FULL):
            return None
        as_stored = not made and stored["format"] == format_
        if not as_stored and (name == FULL or format_ in _AS_UPLOADED):
            return None
        if moving and format_ != Format.WEBP:
            return None
        size = stored["bytes"] if as_stored else None
        return Rendition(row, name, format_, _key(row, name, format_, self.pipeline), size)

    async def get(self, wanted: Rendition) -> Bytes | Stored:
        """All of it, or where it lies if it is large. Raises ImageRejected, PoolBusy, StorageError."""
        if wanted.streamed:
            return await self._stored(wanted) or await self._made(wanted)
        if (kept := self.kept.get(wanted.key)) is not None:
            return Bytes(kept, self.pipeline)
        try:
            data = await self.store.read(wanted.key)
        except ObjectMissing:
            return await self._missing(wanted)
        self.kept.put(wanted.key, data)
        return Bytes(data, self.pipeline)

    async def _missing(self, wanted: Rendition) -> Bytes:
        """As an earlier pipeline made it, while this one is set to work; else as this one makes it now."""
        for key, pipeline in self._earlier(wanted):
            try:
                data = await self.store.read(key)
            except ObjectMissing:
                continue
            self._renew(wanted)
            return Bytes(data, pipeline)
        return await self._made(wanted)

    async def _stored(self, wanted: Rendition) -> Stored | None:
        """As this pipeline made it, or an earlier one while this one is set to work.

        What the row knows is the size of its own making: another owner of the content may have had it made since.
        """
        if wanted.name == ORIGINAL:
            return Stored(wanted.key, wanted.row.bytes, self.pipeline)
        for key, pipeline in [(wanted.key, self.pipeline), *self._earlier(wanted)]:
            if (info := await self.store.stat(key)) is not None:
                if pipeline != self.pipeline:
                    self._renew(wanted)
                return Stored(key, info.size, pipeline)
        return None

    def _earlier(self, wanted: Rendition) -> Iterator[tuple[str, int]]:
        """Where earlier pipelines have put it, the latest first."""
        for pipeline in range(self.pipeline - 1, max(self.pipeline - 1 - _EARLIER, 0), -1):
            yield _key(wanted.row, wanted.name, wanted.format, pipeline), pipeline

    async def _made(self, wanted: Rendition) -> Bytes:
        return Bytes(await asyncio.shield(self._flight(wanted)), self.pipeline)

    def _renew(self, wanted: Rendition) -> None:
        try:
            self._flight(wanted)
        except PoolBusy:
            return  # the next who asks tries again

    def _flight(self, wanted: Rendition) -> asyncio.Task[bytes]:
        """The one making of this rendition. Raises PoolBusy."""
        task = self._flights.get(wanted.key)
        if task is None:
            if len(self._flights) >= self._most:
                raise PoolBusy(_BUSY_SECONDS)
            task = asyncio.create_task(self._make(wanted))
            self._flights[wanted.key] = task
            task.add_done_callback(lambda done: self._landed(wanted.key, done))
        return task

    def _landed(self, key: str, done: asyncio.Task[bytes]) -> None:
        self._flights.pop(key, None)
        if not done.cancelled() and isinstance(error := done.exception(), MediaError):
            _log.warning("the rendition %s could not be made: %s", key, error)

    async def _make(self, wanted: Rendition) -> bytes:
        async with self._originals.file(source_key(wanted.row, wanted.name)) as original:
            variant = await self._make_one(original, wanted.row, wanted.name, wanted.format)
        if variant.format != wanted.format:
            raise ObjectMissing(wanted.key)
        await self.store.put(wanted.key, variant.data, content_type=variant.media_type)
        self.kept.put(wanted.key, variant.data)
        return variant.data


def _key(row: MediaFile, name: str, format_: str, pipeline: int) -> str:
    return rendition_key(row.place, name, format_, pipeline, edit_of(row, name))
