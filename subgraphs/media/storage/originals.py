"""What pictures are made of, as files, whatever the store: many may wait for a worker, and each would hold one in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from media_core import ImageRejected, RejectCode
from media_core.storage import ObjectMissing, ObjectStore
from subgraphs.media.storage.staging import Joined, Staging, TooLarge

__all__ = ["Originals"]


class Originals:
    """Of one store; copies lie in the staging folder."""

    def __init__(self, store: ObjectStore, staging: Staging) -> None:
        self._store = store
        self._staging = staging

    @asynccontextmanager
    async def file(self, key: str) -> AsyncIterator[Path]:
        """The store's own file, or a copy for the length of the block. Raises ObjectMissing, StorageError, ImageRejected."""
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
