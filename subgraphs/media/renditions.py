"""Formats made when first asked for: each once, however many ask, and kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from media_core import SIZES, Format, render_async
from media_core.storage import ObjectMissing, ObjectStore
from subgraphs.media.models import MediaFile
from subgraphs.media.objects import FULL, ORIGINAL, original_key, rendition_key

__all__ = ["EXTENSIONS", "Rendition", "Renditions", "negotiate"]

EXTENSIONS = {"webp": "webp", "avif": "avif", "jpeg": "jpeg", "jpg": "jpeg", "png": "png", "gif": "gif"}
"""What an address may end in, and the format that means."""

_TYPES = {"image/webp": "webp", "image/avif": "avif", "image/jpeg": "jpeg", "image/png": "png"}
_PREFERENCE = ("webp", "avif", "jpeg", "png")
_KEPT_IN_MEMORY = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rendition:
    """Bytes to serve."""

    data: bytes
    media_type: str


class Renditions:
    """Reads renditions from the store, and makes those that are not there yet."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._flights: dict[str, asyncio.Task[bytes]] = {}
        self._recent: OrderedDict[str, bytes] = OrderedDict()
        self._held = 0

    async def read(self, row: MediaFile, rendition: str, format_: str) -> Rendition | None:
        """The bytes, or None where this picture has no such rendition.

        Raises ImageRejected, PoolBusy, StorageError.
        """
        if rendition == ORIGINAL:
            data = await self._store.read(original_key(row.place)) if format_ == row.format else None
            return Rendition(data, f"image/{row.format}") if data is not None else None
        stored = row.variants.get(rendition)
        if stored is None or (rendition == FULL and stored["format"] != format_):
            return None
        if rendition not in SIZES and rendition != FULL:
            return None
        return Rendition(await self._bytes(row.place, rendition, format_), f"image/{format_}")

    async def _bytes(self, blob: str, rendition: str, format_: str) -> bytes:
        key = rendition_key(blob, rendition, format_)
        if (recent := self._recent.get(key)) is not None:
            self._recent.move_to_end(key)
            return recent
        try:
            data = await self._store.read(key)
        except ObjectMissing:
            data = await self._made(blob, rendition, format_, key)
        self._remember(key, data)
        return data

    async def _made(self, blob: str, rendition: str, format_: str, key: str) -> bytes:
        task = self._flights.get(key)
        if task is None:
            task = asyncio.create_task(self._make(blob, rendition, format_, key))
            self._flights[key] = task
            task.add_done_callback(lambda _: self._flights.pop(key, None))
        return await asyncio.shield(task)

    async def _make(self, blob: str, rendition: str, format_: str, key: str) -> bytes:
        original = await self._store.read(original_key(blob))
        variant = await render_async(original, rendition, Format(format_))
        await self._store.put(key, variant.data, content_type=variant.media_type)
        return variant.data

    def _remember(self, key: str, data: bytes) -> None:
        if len(data) > _KEPT_IN_MEMORY // 16 or key in self._recent:
            return
        self._recent[key] = data
        self._held += len(data)
        while self._held > _KEPT_IN_MEMORY:
            self._held -= len(self._recent.popitem(last=False)[1])


def negotiate(accept: str) -> str:
    """The best format for an ``Accept`` header (RFC 9110, 12.5.1); equal wishes go by our preference."""
    wishes: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (p.strip() for p in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            wishes[name.lower()] = float(quality)
        except ValueError:
            wishes[name.lower()] = 0.0
    rest = wishes.get("image/*", wishes.get("*/*", 0.0 if wishes and accept.strip() else 1.0))
    named = {format_: wishes.get(type_, rest) for type_, format_ in _TYPES.items()}
    if "image/avif" not in wishes:
        named["avif"] = 0.0  # costly: only for those who name it
    best = max(named.values())
    return next((f for f in _PREFERENCE if named[f] == best and best > 0), "jpeg")
