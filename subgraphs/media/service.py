"""Taking pictures in, letting them go, and finishing what was left undone."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from media_core.errors import ImageRejected, MediaError
from subgraphs.kit.clock import uuid7
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.media.edits import edit_of
from subgraphs.media.events import emit_file, status_topic
from subgraphs.media.models import MEDIA, MediaFile
from subgraphs.media.processing.ingest import Given, Ingest, fill
from subgraphs.media.processing.pipeline import Pipeline
from subgraphs.media.repository import MediaRepository
from subgraphs.media.storage.keys import FULL
from subgraphs.media.storage.staging import Readable, Staging, TooLarge
from subgraphs.media.validation import checked_alt_text

__all__ = ["MediaService", "Upload"]

_log = logging.getLogger(__name__)
_MOST_TRIES, _APART = 8, timedelta(seconds=20)
"""That count, and what is between two of them at least, however many processes try: a busy minute passes, a hostile picture
does not."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in, and what its owner wants of it."""

    file: Readable
    visibility: str
    alt_text: str | None = None
    keep_copyright: bool = False


class MediaService:
    """What becomes of a picture's content; ``library/`` has what people do with pictures that are there."""

    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        pipeline: Pipeline,
        ingest: Ingest,
        staging: Staging,
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._pipeline = pipeline
        self._ingest = ingest
        self._staging = staging

    async def upload(self, viewer: UUID, upload: Upload) -> MediaFile:
        """Take a picture in: stored with its sizes when this returns, or not at all.

        Raises Rejected on a file that is not taken, RateLimited while too many are in work, Unavailable
        where a server is away.
        """
        alt_text = checked_alt_text(upload.alt_text)
        given = Given(uuid7(), viewer, upload.visibility, alt_text, upload.keep_copyright)
        try:
            async with self._staging.staged(upload.file) as staged:
                return await self._ingest.take(given, staged)
        except TooLarge as error:
            megabytes = self._resources.settings.upload_max_bytes >> 20
            raise Rejected(ErrorCode.TOO_LARGE, f"A file has at most {megabytes} MiB.", "file") from error

    async def let_go(self, tx: Transaction, row: MediaFile) -> None:
        """Delete a file for good: its content is collected once nobody has it any more."""
        await self._ingest.release(tx, row)
        tx.delete(row, MEDIA)
        emit_file(tx, row)

    async def finish(self, found: MediaFile) -> bool:
        """Make the sizes of a stored picture anew; False where it stays as it is."""
        if found.blob is None:
            return False
        try:
            made = await self._pipeline.again(found.blob, found.turn, keep_copyright=found.keep_copyright)
        except MediaError as error:
            _log.warning("the sizes of media %s (%s) cannot be made: %s", found.id, found.status, error)
            if isinstance(error, ImageRejected) and found.status == "DEGRADED":
                await self._tried(found.id)
            return False
        async with self._resources.database.write() as tx:
            row = await self._repository.for_update(tx, found.id)
            if row is None or edit_of(row, FULL) != edit_of(found, FULL):
                return False
            fill(row, made)
            tx.touch(row, MEDIA)
            emit_file(tx, row)
            tx.tell(status_topic(row.owner_id), {"id": row.id.hex})
        return True

    async def _tried(self, media: UUID) -> None:
        """Once more in vain for the picture's own sake: after so many times it is FAILED, and takes no more of our time."""
        async with self._resources.database.write() as tx:
            row = await self._repository.for_update(tx, media)
            if (
                row is None
                or row.status != "DEGRADED"
                or self._resources.clock.now() - row.updated_at < _APART
            ):
                return
            row.tries += 1
            tx.touch(row, MEDIA)
            if row.tries >= _MOST_TRIES:
                row.status = "FAILED"
                emit_file(tx, row)
                tx.tell(status_topic(row.owner_id), {"id": row.id.hex})
