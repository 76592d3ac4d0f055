"""What was received becomes a file of the library: once, by whoever has the upload's lease, however often that one dies."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

from media_core import media_type_of
from media_core.storage import ObjectMissing, ObjectStore, StorageError
from subgraphs.kit.clock import uuid7
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, RateLimited, Rejected, Unavailable
from subgraphs.media.events import upload_topic
from subgraphs.media.models import MediaFile, UploadSession
from subgraphs.media.processing.ingest import Given, Ingest
from subgraphs.media.processing.progress import telling
from subgraphs.media.storage.staging import Joined, Staged, Staging
from subgraphs.media.uploads.objects import UploadObjects
from subgraphs.media.uploads.repository import Sessions

__all__ = ["Finishing"]

_log = logging.getLogger(__name__)
_AGAIN = timedelta(seconds=5)


class _LeaseLost(Exception):
    """Someone else finishes it, or has ended it."""


class Finishing:
    """Takes in what uploads have received."""

    def __init__(
        self,
        resources: Resources,
        sessions: Sessions,
        objects: UploadObjects,
        ingest: Ingest,
        staging: Staging,
        store: ObjectStore,
    ) -> None:
        self._database = resources.database
        self._live = resources.live
        self._sessions = sessions
        self._objects = objects
        self._ingest = ingest
        self._staging = staging
        self._store = store

    async def finish(self, session: UploadSession) -> MediaFile | None:
        """None where that waits, for its turn or for a server that is away.

        Raises Rejected on what is not taken: the upload has FAILED then.
        """
        async with self._database.write() as tx:
            lease = await self._sessions.lease(tx, session.id)
        if lease is None:
            return None
        try:
            return await self._taken(session, lease)
        except Rejected as rejected:
            await self._failed(session, lease, rejected)
            raise
        except (RateLimited, Unavailable, StorageError) as error:
            # Also where its bytes are not found: that is a store away, or the wrong one, rather than a loss.
            level = logging.ERROR if isinstance(error, ObjectMissing) else logging.INFO
            _log.log(level, "upload %s waits: %s", session.id, error)
            async with self._database.write() as tx:
                await self._sessions.end_lease(tx, session.id, lease, tx.now + _AGAIN)
            return None
        except _LeaseLost:
            return None

    async def _taken(self, session: UploadSession, lease: UUID) -> MediaFile:
        joined = Joined(self._store, await self._objects.keys(session))
        async with (
            self._staging.staged(joined) as staged,
            telling(self._live, upload_topic(session.id)) as tell,
        ):
            _check(session, staged)
            given = Given(
                uuid7(),
                session.owner_id,
                session.visibility,
                session.alt_text,
                session.keep_copyright,
                tell,
            )
            return await self._ingest.take(given, staged, partial(self._done, session, lease))

    async def _done(self, session: UploadSession, lease: UUID, tx: Transaction, row: MediaFile) -> None:
        declared = session.content_type
        if session.protocol != "TUS" and declared != (found := media_type_of(row.format)):
            message = f"The file was announced as {declared}, and is {found}."
            raise Rejected(ErrorCode.UNSUPPORTED_FORMAT, message, "file")
        if not await self._sessions.finished(tx, session.id, lease, media=row.id):
            raise _LeaseLost
        tx.tell(upload_topic(session.id), {"id": session.id.hex})

    async def _failed(self, session: UploadSession, lease: UUID, rejected: Rejected) -> None:
        async with self._database.write() as tx:
            code = rejected.errors[0].code.value
            await self._sessions.finished(tx, session.id, lease, media=None, error=code)
            tx.tell(upload_topic(session.id), {"id": session.id.hex})


def _check(session: UploadSession, staged: Staged) -> None:
    if session.bytes is not None and staged.bytes != session.bytes:
        message = f"The file has {staged.bytes} bytes, and {session.bytes} were announced."
        raise Rejected(ErrorCode.TRUNCATED, message, "file")
    if session.sha256 is not None and staged.sha256 != session.sha256:
        message = "The file's SHA-256 is another than was announced."
        raise Rejected(ErrorCode.CHECKSUM_MISMATCH, message, "file")
