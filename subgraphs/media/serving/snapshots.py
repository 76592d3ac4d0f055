"""A picture's row as it is now, with what was prepared for it before.

Redis is asked each time: only where it gives the very bytes it gave before is the row, and what was noted
beside it, the same. So nothing outlives a change of the row, whichever process made it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any
from uuid import UUID

from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.loading.together import Together
from subgraphs.media.models import MediaFile

__all__ = ["Snapshot", "Snapshots"]

_MOST_NOTES = 64


class Snapshot:
    """A row, and notes by whoever serves it."""

    __slots__ = ("notes", "row")

    def __init__(self, row: MediaFile) -> None:
        self.row = row
        self.notes: dict[Hashable, Any] = {}

    def note(self, key: Hashable, value: Any) -> None:
        """Keep for as long as the row stays so; the number is bounded, since clients choose the keys."""
        if len(self.notes) >= _MOST_NOTES:
            self.notes.clear()
        self.notes[key] = value


class Snapshots:
    """The rows asked for last."""

    def __init__(self, files: RowCache[MediaFile], most: int = 4096) -> None:
        self._files = files
        self._most = most
        self._seen: OrderedDict[UUID, tuple[bytes, Snapshot]] = OrderedDict()
        self._stored = Together(files.stored)

    async def of(self, media: str) -> Snapshot | None:
        """The picture with this raw id; None where there is none."""
        try:
            raw = UUID(hex=media) if len(media) == 32 else None
        except ValueError:
            return None
        if raw is None:
            return None
        stored = await self._stored.of(raw)
        seen = self._seen.get(raw)
        if seen is not None and stored is not None and seen[0] == stored:
            self._seen.move_to_end(raw)
            return seen[1]
        return await self._read(raw, stored)

    async def _read(self, raw: UUID, stored: bytes | None) -> Snapshot | None:
        row = self._files.decoded(stored) if stored is not None else None
        if row is None:
            stored, row = None, (await self._files.load([raw])).get(raw)
        if row is None:
            return None
        snapshot = Snapshot(row)
        if stored is not None:
            self._seen[raw] = (stored, snapshot)
            self._seen.move_to_end(raw)
            if len(self._seen) > self._most:
                self._seen.popitem(last=False)
        return snapshot
