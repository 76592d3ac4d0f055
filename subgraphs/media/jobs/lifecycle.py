"""What time does by itself: uploads are finished or expire, the trash is emptied."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from media_core.storage import ObjectStore, StorageError
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import Rejected, Unavailable
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import MediaService
from subgraphs.media.storage.keys import session_prefix
from subgraphs.media.uploads.repository import Sessions
from subgraphs.media.uploads.service import Uploads

__all__ = ["Lifecycle"]

_log = logging.getLogger(__name__)
_BATCH = 50
_FINISHING_PAUSE = 3.0
_HOUSEKEEPING_PAUSE = 60.0


class Lifecycle:
    """May run in several processes at once: each step is taken by one of them, or harmless twice."""

    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        media: MediaService,
        sessions: Sessions,
        uploads: Uploads,
        store: ObjectStore,
    ) -> None:
        self._resources = resources
        self._database = resources.database
        self._repository = repository
        self._media = media
        self._sessions = sessions
        self._uploads = uploads
        self._store = store

    async def finishing(self) -> None:
        """The job that takes in what was received and could not be taken in at once; until cancelled."""
        while True:
            await asyncio.sleep(_FINISHING_PAUSE)
            await self.finish_waiting()

    async def housekeeping(self) -> None:
        """The job of all that may wait a minute; until cancelled."""
        while True:
            try:
                await self.end_uploads()
                await self.empty_trash()
            except (StorageError, Unavailable) as error:
                _log.warning("housekeeping waits: %s", error)
            await asyncio.sleep(_HOUSEKEEPING_PAUSE)

    async def finish_waiting(self) -> int:
        """One attempt at each upload that is received; how many became pictures."""
        made = 0
        for session in await self._sessions.waiting(self._resources.clock.now(), _BATCH):
            try:
                made += await self._uploads.finish(session) is not None
            except Rejected as rejected:
                _log.info("upload %s was not taken: %s", session.id, rejected)
        return made

    async def end_uploads(self) -> None:
        """End what is late; remove the bytes of all that has ended, and after a week the memory of it."""
        async with self._database.write() as tx:
            await self._sessions.expire(tx)
            await self._sessions.forget(tx)
        while ended := await self._sessions.uncleared(_BATCH):
            for session in ended:
                for key in [info.key async for info in self._store.list(session_prefix(session.id))]:
                    await self._store.delete(key)
                async with self._database.write() as tx:
                    await self._sessions.cleared(tx, session.id)

    async def empty_trash(self) -> None:
        """Delete what has been in the trash for long enough."""
        before = self._resources.clock.now() - timedelta(days=self._resources.settings.storage.trash_days)
        while due := await self._repository.trashed(before, _BATCH):
            for media in due:
                async with self._database.write() as tx:
                    row = await self._repository.for_update(tx, media)
                    if row is not None and row.trashed_at is not None and row.trashed_at <= before:
                        await self._media.let_go(tx, row)
