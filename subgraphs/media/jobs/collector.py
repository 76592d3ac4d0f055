"""Removing what nobody has any more: first given up in the database, later removed from the store.

Why this never races an upload is said in `storage/blobs.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

from media_core.storage import ObjectMissing, ObjectStore, StorageError
from subgraphs.kit.clock import Clock
from subgraphs.kit.database.database import Database
from subgraphs.kit.errors import Unavailable
from subgraphs.media.models import StoreIdentity
from subgraphs.media.storage.blobs import Blobs
from subgraphs.media.storage.keys import MARKER, blob_of, edit_in, session_of
from subgraphs.media.uploads.repository import Sessions

__all__ = ["Collector"]

_log = logging.getLogger(__name__)
_BATCH = 200
_PAUSE = 60.0
"""Seconds between rounds when nothing was let go."""
_ROUNDS_TO_A_SCAN = 24 * 60
"""Listing the whole store costs: about daily."""


class Collector:
    """One may run in each process: they share the work."""

    def __init__(
        self, database: Database, blobs: Blobs, store: ObjectStore, clock: Clock, grace: timedelta
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._sessions = Sessions(database)
        self._store = store
        self._clock = clock
        self._grace = grace

    async def run(self) -> None:
        """Collect until cancelled."""
        rounds = 0
        while True:
            try:
                await self.collect()
                if rounds % _ROUNDS_TO_A_SCAN == 1:
                    await self.scan()
            except (StorageError, Unavailable) as error:
                _log.warning("collection waits: %s", error)
            rounds += 1
            await asyncio.sleep(_PAUSE)

    async def collect(self) -> int:
        """Give up what nobody has, and remove what was given up long enough ago; how many blobs went."""
        while True:
            async with self._database.write() as tx:
                if await self._blobs.condemn(tx, _BATCH) < _BATCH:
                    break
        removed = 0
        while due := await self._blobs.condemned(self._clock.now() - self._grace, _BATCH):
            for blob in due:
                await self._remove(blob)
            removed += len(due)
        return removed

    async def scan(self) -> int:
        """Remove objects of blobs and uploads that are gone, left by writers that outlived them, and what was made for
        edits that no picture has any more. How many.

        What goes of an edit that is made just now is made again when it is asked for.
        """
        if not await self.ours():
            _log.error("the object store is another database's: nothing unknown is removed from it")
            return 0
        removed = 0
        async for keys in self._batches():
            groups = list(keys)
            blobs = [g for g in groups if isinstance(g, str)]
            gone = await self._blobs.unknown(blobs)
            shown = await self._blobs.edits(blobs)
            uploads = [g for g in groups if isinstance(g, UUID)]
            ended = set(uploads) - await self._sessions.under_way(uploads)
            left = [
                key
                for group, named in keys.items()
                for key in named
                if group in gone or group in ended or ((edit := edit_in(key)) and (group, edit) not in shown)
            ]
            for key in left:
                await self._store.delete(key)
            removed += len(left)
        return removed

    async def mark(self) -> None:
        """Put our mark on a store that has none: without it an empty database would take all of it for left over."""
        if await self._marked() is not None:
            return
        identity = StoreIdentity(id=uuid4(), created_at=self._clock.now())
        async with self._database.write() as tx:
            tx.session.add(identity)
        await self._store.put(MARKER, identity.id.hex.encode())

    async def ours(self) -> bool:
        """Whether this database knows the store's mark."""
        marked = await self._marked()
        if marked is None:
            return False
        async with self._database.write() as tx:
            return await tx.session.get(StoreIdentity, marked) is not None

    async def _marked(self) -> UUID | None:
        with contextlib.suppress(ObjectMissing, ValueError):
            return UUID(hex=(await self._store.read(MARKER)).decode())
        return None

    async def _remove(self, blob: str) -> None:
        for key in [info.key async for info in self._store.list(blob)]:
            await self._store.delete(key)
        async with self._database.write() as tx:
            await self._blobs.forget(tx, blob)

    async def _batches(self) -> AsyncIterator[dict[str | UUID, list[str]]]:
        """The objects of all blobs and uploads in the store, some of them at a time."""
        batch: dict[str | UUID, list[str]] = {}
        async for info in self._store.list():
            group = blob_of(info.key) or session_of(info.key)
            if group is None:
                continue
            if group not in batch and len(batch) == _BATCH:
                yield batch
                batch = {}
            batch.setdefault(group, []).append(info.key)
        if batch:
            yield batch
