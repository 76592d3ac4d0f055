"""Taking pictures in, changing who sees them, letting them go, and finishing what was left undone."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from uuid import UUID

from media_core import ImageRejected, PoolBusy, PoolUnavailable, RejectCode
from media_core.errors import MediaError
from media_core.storage import StorageError
from subgraphs.kit.clock import uuid7
from subgraphs.kit.errors import ErrorCode, RateLimited, Rejected, Unavailable
from subgraphs.kit.identity import Viewer
from subgraphs.kit.resources import Resources
from subgraphs.kit.transaction import Transaction
from subgraphs.media.addresses import Addresses
from subgraphs.media.events import emit_file, status_topic
from subgraphs.media.models import MEDIA, MediaFile
from subgraphs.media.pipeline import Made, Pipeline
from subgraphs.media.policies import may_change
from subgraphs.media.repository import MediaRepository
from subgraphs.media.staging import Readable, Staged, Staging, TooLarge

__all__ = ["MediaService", "Services", "Upload", "media_row"]

_log = logging.getLogger(__name__)
_LONGEST_ALT_TEXT = 1500
_BACKFILL_SECONDS = 30.0
_BACKFILL_BATCH = 4

_CODES = {
    RejectCode.EMPTY: ErrorCode.NOT_AN_IMAGE,
    RejectCode.NOT_AN_IMAGE: ErrorCode.NOT_AN_IMAGE,
    RejectCode.CORRUPT: ErrorCode.CORRUPT,
    RejectCode.UNSUPPORTED_FORMAT: ErrorCode.UNSUPPORTED_FORMAT,
    RejectCode.TRUNCATED: ErrorCode.TRUNCATED,
    RejectCode.TOO_MANY_BYTES: ErrorCode.TOO_LARGE,
    RejectCode.TOO_MANY_PIXELS: ErrorCode.TOO_MANY_PIXELS,
    RejectCode.SIDE_TOO_LONG: ErrorCode.TOO_MANY_PIXELS,
    RejectCode.TOO_MANY_FRAMES: ErrorCode.TOO_MANY_FRAMES,
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in, and what its owner wants of it."""

    file: Readable
    visibility: str
    alt_text: str | None = None


class MediaService:
    """Everything that writes pictures."""

    def __init__(
        self, resources: Resources, repository: MediaRepository, pipeline: Pipeline, staging: Staging
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._pipeline = pipeline
        self._staging = staging

    async def upload(self, viewer: UUID, upload: Upload) -> MediaFile:
        """Take a picture in: stored with its sizes when this returns, or not at all.

        Raises Rejected on a file that is not taken, RateLimited while too many are in work, Unavailable
        where the object store is away.
        """
        alt_text = _alt_text(upload.alt_text)
        try:
            async with self._staging.staged(upload.file) as staged:
                return await self.add(uuid7(), viewer, upload.visibility, alt_text, staged)
        except TooLarge as error:
            megabytes = self._resources.settings.upload_max_bytes >> 20
            raise Rejected(ErrorCode.TOO_LARGE, f"A file has at most {megabytes} MiB.", "file") from error

    async def add(
        self, media: UUID, owner: UUID, visibility: str, alt_text: str | None, staged: Staged
    ) -> MediaFile:
        """Make and store what a staged file comes to, then its row; on any failure neither is left."""
        try:
            made = await self._make(media, staged)
            row = media_row(media, owner, visibility, alt_text, staged, made)
            async with self._resources.database.write() as tx:
                tx.add(row, MEDIA)
                emit_file(tx, row)
                tx.tell(status_topic(owner), {"id": media.hex})
        except BaseException:
            await asyncio.shield(self._discard(media))
            raise
        return row

    async def update(
        self, viewer: Viewer, media: UUID, alt_text: str | None, visibility: str | None
    ) -> MediaFile:
        """Change what is given. Made private, its old addresses end at once. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._own(tx, viewer, media)
            if alt_text is not None:
                row.alt_text = _alt_text(alt_text)
            if visibility is not None and visibility != row.visibility:
                row.visibility = visibility
                if visibility == "PRIVATE":
                    row.revision = _new_revision()
            tx.touch(row, MEDIA)
            emit_file(tx, row)
            return row

    async def delete(self, viewer: Viewer, media: UUID) -> None:
        """Gone from every list and address when this returns; its bytes follow. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._own(tx, viewer, media)
            tx.delete(row, MEDIA)
            emit_file(tx, row)
        await self._discard(media)

    async def backfill(self) -> None:
        """The job that makes what could not be made at upload; runs until cancelled."""
        while True:
            await asyncio.sleep(_BACKFILL_SECONDS)
            for row in await self._repository.degraded(_BACKFILL_BATCH):
                with self._resources.tracer.part("job backfill", None):
                    await self.finish(row.id)

    async def finish(self, media: UUID) -> bool:
        """Try a DEGRADED picture again; False where it must wait longer."""
        try:
            made = await self._pipeline.again(media)
        except MediaError as error:
            _log.warning("media %s still has no sizes: %s", media, error)
            return False
        async with self._resources.database.write() as tx:
            row = await self._repository.for_update(tx, media)
            if row is None:
                return False
            _fill(row, made)
            tx.touch(row, MEDIA)
            emit_file(tx, row)
            tx.tell(status_topic(row.owner_id), {"id": media.hex})
        return True

    async def _make(self, media: UUID, staged: Staged) -> Made:
        try:
            return await self._pipeline.make(media, staged.path)
        except ImageRejected as refusal:
            code = _CODES.get(refusal.code, ErrorCode.PROCESSING_FAILED)
            raise Rejected(code, refusal.message, "file") from refusal
        except PoolBusy as busy:
            raise RateLimited(busy.retry_after) from busy
        except PoolUnavailable as error:
            _log.error("no image worker for media %s: %s", media, error)
            raise Unavailable("image service") from error
        except StorageError as error:
            _log.error("storing media %s failed: %s", media, error)
            raise Unavailable("object store") from error

    async def _own(self, tx: Transaction, viewer: Viewer, media: UUID) -> MediaFile:
        row = await self._repository.for_update(tx, media)
        if row is None or not may_change(row, viewer):
            raise Rejected.not_found("picture", "id")
        return row

    async def _discard(self, media: UUID) -> None:
        try:
            await self._pipeline.discard(media)
        except StorageError as error:
            _log.error("objects of media %s were left behind: %s", media, error)


def media_row(
    media: UUID, owner: UUID, visibility: str, alt_text: str | None, staged: Staged, made: Made
) -> MediaFile:
    row = MediaFile(
        id=media,
        owner_id=owner,
        visibility=visibility,
        alt_text=alt_text,
        status=made.status,
        revision=_new_revision(),
        sha256=staged.sha256,
        width=made.metadata.width,
        height=made.metadata.height,
        format=made.metadata.format,
        bytes=staged.bytes,
    )
    _fill(row, made)
    return row


def _fill(row: MediaFile, made: Made) -> None:
    row.status = made.status
    row.variants = made.variants
    row.blur_placeholder = made.blur_placeholder
    row.thumbhash = made.thumbhash
    row.dominant_color = made.dominant_color


def _new_revision() -> str:
    return secrets.token_hex(8)


def _alt_text(text: str | None) -> str | None:
    text = (text or "").strip()
    if len(text) > _LONGEST_ALT_TEXT:
        message = f"An alternative text has at most {_LONGEST_ALT_TEXT} characters."
        raise Rejected(ErrorCode.INVALID_INPUT, message, "altText")
    return text or None


@dataclass(frozen=True, slots=True)
class Services:
    """The media domain's services, and its repository for reads that are no batches."""

    repository: MediaRepository
    media: MediaService
    addresses: Addresses
