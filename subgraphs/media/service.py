"""Taking pictures in, letting them go, and finishing what was left undone."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from uuid import UUID

from media_core.errors import MediaError
from subgraphs.kit.clock import uuid7
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.kit.resources import Resources
from subgraphs.kit.transaction import Transaction
from subgraphs.media.events import emit_file, status_topic
from subgraphs.media.intake import Given, Intake, fill
from subgraphs.media.metrics import MediaMetrics
from subgraphs.media.models import MEDIA, MediaFile
from subgraphs.media.pipeline import Pipeline
from subgraphs.media.repository import MediaRepository
from subgraphs.media.staging import Readable, Staging, TooLarge

__all__ = ["MediaService", "Upload", "checked_alt_text"]

_log = logging.getLogger(__name__)
_LONGEST_ALT_TEXT = 1500
_BACKFILL_SECONDS = 30.0
_BACKFILL_BATCH = 4


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in, and what its owner wants of it."""

    file: Readable
    visibility: str
    alt_text: str | None = None


class MediaService:
    """What becomes of a picture's content; ``library.py`` has what people do with pictures that are there."""

    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        pipeline: Pipeline,
        intake: Intake,
        staging: Staging,
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._pipeline = pipeline
        self._intake = intake
        self._staging = staging

    async def upload(self, viewer: UUID, upload: Upload) -> MediaFile:
        """Take a picture in: stored with its sizes when this returns, or not at all.

        Raises Rejected on a file that is not taken, RateLimited while too many are in work, Unavailable
        where a server is away.
        """
        given = Given(uuid7(), viewer, upload.visibility, checked_alt_text(upload.alt_text))
        try:
            async with self._staging.staged(upload.file) as staged:
                return await self._intake.take(given, staged)
        except TooLarge as error:
            megabytes = self._resources.settings.upload_max_bytes >> 20
            raise Rejected(ErrorCode.TOO_LARGE, f"A file has at most {megabytes} MiB.", "file") from error

    async def let_go(self, tx: Transaction, row: MediaFile) -> None:
        """Delete a file for good: its content is collected once nobody has it any more."""
        await self._intake.release(tx, row)
        tx.delete(row, MEDIA)
        emit_file(tx, row)

    async def backfill(self) -> None:
        """The job that makes what could not be made at upload; runs until cancelled."""
        backlog = self._resources.metrics.shared("media", MediaMetrics).backlog
        while True:
            backlog.set(await self._repository.backlog())
            await asyncio.sleep(_BACKFILL_SECONDS)
            for row in await self._repository.degraded(_BACKFILL_BATCH):
                with self._resources.tracer.part("job backfill", None):
                    await self.finish(row)

    async def finish(self, found: MediaFile) -> bool:
        """Try a DEGRADED picture again; False where it must wait longer."""
        if found.blob is None:
            return False
        try:
            made = await self._pipeline.again(found.blob, found.turn)
        except MediaError as error:
            _log.warning("media %s still has no sizes: %s", found.id, error)
            return False
        async with self._resources.database.write() as tx:
            row = await self._repository.for_update(tx, found.id)
            if row is None or row.turn != found.turn:
                return False
            fill(row, made)
            tx.touch(row, MEDIA)
            emit_file(tx, row)
            tx.tell(status_topic(row.owner_id), {"id": row.id.hex})
        return True


def checked_alt_text(text: str | None) -> str | None:
    """Without what surrounds it; None for nothing. Raises Rejected."""
    text = (text or "").strip()
    if len(text) > _LONGEST_ALT_TEXT:
        message = f"An alternative text has at most {_LONGEST_ALT_TEXT} characters."
        raise Rejected(ErrorCode.INVALID_INPUT, message, "altText")
    return text or None
