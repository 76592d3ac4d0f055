"""From a staged file to a picture: made, stored and counted, or not there at all."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from media_core import PIPELINE_VERSION, ImageMetadata
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected, Unavailable
from subgraphs.media.events import emit_file, status_topic
from subgraphs.media.limits.concurrency import InWork
from subgraphs.media.limits.quotas import Quotas
from subgraphs.media.metrics import MediaMetrics
from subgraphs.media.models import MEDIA, MediaFile
from subgraphs.media.processing.errors import judged
from subgraphs.media.processing.pipeline import Made, Pipeline, Work
from subgraphs.media.processing.progress import SCAN, STORE, Tell
from subgraphs.media.processing.scanning import Scanner, ScannerAway
from subgraphs.media.repository import MediaRepository
from subgraphs.media.storage.blobs import Blobs, Claim, ClaimLost
from subgraphs.media.storage.staging import Staged

__all__ = ["Given", "Ingest", "fill", "new_revision"]

_log = logging.getLogger(__name__)
_FIRST_PHOTOGRAPH = datetime(1826, 1, 1, tzinfo=UTC)

Finish: TypeAlias = Callable[[Transaction, MediaFile], Awaitable[None]]
"""What else is written in the transaction that makes the picture be there."""


async def _nothing_else(tx: Transaction, row: MediaFile) -> None:
    """For an upload of one step."""


@dataclass(frozen=True, slots=True)
class Given:
    """Which picture it becomes, whose, and what they said of it."""

    id: UUID
    owner: UUID
    visibility: str
    alt_text: str | None = None
    keep_copyright: bool = False
    tell: Tell | None = None
    """Hears of the stages of the work."""

    def told(self, stage: str) -> None:
        if self.tell is not None:
            self.tell(stage)


class Ingest:
    """The one way in, whichever door the bytes came by, and the one way out."""

    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        pipeline: Pipeline,
        scanner: Scanner | None = None,
    ) -> None:
        self._scanner = scanner
        self._metrics = resources.metrics.shared("media", MediaMetrics)
        self._database = resources.database
        self._clock = resources.clock
        self._repository = repository
        self._pipeline = pipeline
        self._blobs = Blobs(resources.database)
        storage = resources.settings.storage
        self._quotas = Quotas(resources.database, storage)
        self._in_work = InWork(storage.pictures_at_once, storage.pictures_waiting)

    async def take(self, given: Given, staged: Staged, finish: Finish = _nothing_else) -> MediaFile:
        """Stored with its sizes when this returns, or not at all.

        Raises Rejected on a file that is not taken, RateLimited while too many are in work, Unavailable
        where a server is away.
        """
        with self._metrics.upload() as told:
            (await self._quotas.usage(given.owner)).check(files=1)
            await self._scan(given, staged)
            async with self._in_work.place():
                row = await self._taken(given, staged, finish)
            told.status = row.status
            return row

    async def release(self, tx: Transaction, row: MediaFile) -> None:
        """Let go of a file's content, in the transaction that deletes the file."""
        if row.blob is None:
            return
        last = await self._blobs.release(tx, row.blob, row.owner_id)
        await self._quotas.refund(tx, row.owner_id, row.bytes if last else 0)
        row.blob = None

    async def _taken(self, given: Given, staged: Staged, finish: Finish) -> MediaFile:
        for _ in range(2):
            try:
                return await self._take(given, staged, finish)
            except ClaimLost as lost:
                _log.warning("the claim on %s ran out; starting again", lost)
        raise Unavailable("object store")

    async def _take(self, given: Given, staged: Staged, finish: Finish) -> MediaFile:
        # Only what the owner has already is not made again: how long an upload takes tells nothing of others.
        twin = await self._repository.twin(given.owner, staged.sha256, keep_copyright=given.keep_copyright)
        work = None if twin else await self._make(given, staged)
        async with self._claimed(staged) as claim:
            if twin is not None and twin.blob == claim.blob:
                made = _made(twin)
            else:
                work = work or await self._make(given, staged)
                given.told(STORE)
                await self._store(claim.blob, staged, work)
                made = work.made
            return await self._insert(given, staged, claim, made, finish)

    async def _insert(
        self, given: Given, staged: Staged, claim: Claim, made: Made, finish: Finish
    ) -> MediaFile:
        row = _row(given, staged, claim.blob, made, self._clock.now())
        async with self._in_work.counting, self._database.write() as tx:
            first = await self._blobs.settle(tx, claim, given.owner)
            await self._quotas.charge(tx, given.owner, staged.bytes if first else 0)
            tx.add(row, MEDIA)
            emit_file(tx, row)
            tx.tell(status_topic(given.owner), {"id": row.id.hex})
            await finish(tx, row)
        return row

    @asynccontextmanager
    async def _claimed(self, staged: Staged) -> AsyncIterator[Claim]:
        async with self._in_work.counting, self._database.write() as tx:
            claim = await self._blobs.claim(tx, staged.sha256, staged.bytes)
        try:
            yield claim
        except BaseException:
            await asyncio.shield(self._abandon(claim))
            raise

    async def _abandon(self, claim: Claim) -> None:
        try:
            async with self._database.write() as tx:
                await self._blobs.abandon(tx, claim)
        except Unavailable:
            _log.warning("the claim on %s is left to run out", claim.blob)

    async def _scan(self, given: Given, staged: Staged) -> None:
        """Until there is a clean verdict the upload lies in the staging folder and nowhere else."""
        if self._scanner is None:
            return
        given.told(SCAN)
        try:
            found = await self._scanner.scan(staged.path)
        except ScannerAway as error:
            raise Unavailable("file scanner") from error
        if found is not None:
            _log.warning("an upload was refused by the scanner: %s", found)
            raise Rejected(ErrorCode.MALWARE, "The file was refused by the malware scanner.", "file")

    async def _make(self, given: Given, staged: Staged) -> Work:
        with judged("file"):
            return await self._pipeline.make(staged.path, given.tell, keep_copyright=given.keep_copyright)

    async def _store(self, blob: str, staged: Staged, work: Work) -> None:
        with judged("file"):
            await self._pipeline.store(blob, staged.path, work)


def _row(given: Given, staged: Staged, blob: str, made: Made, now: datetime) -> MediaFile:
    noted = _noted(made.metadata.taken_at, now)
    row = MediaFile(
        id=given.id,
        owner_id=given.owner,
        visibility=given.visibility,
        alt_text=given.alt_text,
        status=made.status,
        revision=new_revision(),
        sha256=staged.sha256,
        width=made.metadata.width,
        height=made.metadata.height,
        format=made.metadata.format,
        bytes=staged.bytes,
        frames=made.metadata.frames,
        milliseconds=made.metadata.milliseconds,
        blob=blob,
        taken_at=noted or now,
        noted_at=noted,
        keep_copyright=given.keep_copyright and made.metadata.milliseconds is None,
    )
    fill(row, made)
    return row


def _made(twin: MediaFile) -> Made:
    metadata = ImageMetadata(
        width=twin.width,
        height=twin.height,
        format=twin.format,
        bytes=twin.bytes,
        frames=twin.frames,
        taken_at=twin.noted_at.isoformat() if twin.noted_at else None,
        milliseconds=twin.milliseconds,
    )
    return Made(
        status=twin.status,
        metadata=metadata,
        variants=twin.variants,
        blur_placeholder=twin.blur_placeholder,
        thumbhash=twin.thumbhash,
        dominant_color=twin.dominant_color,
        blurhash=twin.blurhash,
        palette=tuple(twin.palette),
    )


def _noted(taken_at: str | None, now: datetime) -> datetime | None:
    """By UTC where the camera noted no offset; None where its clock cannot have been right."""
    if taken_at is None:
        return None
    noted = datetime.fromisoformat(taken_at)
    noted = noted.astimezone(UTC) if noted.tzinfo else noted.replace(tzinfo=UTC)
    return noted if _FIRST_PHOTOGRAPH <= noted <= now + timedelta(days=1) else None


def fill(row: MediaFile, made: Made) -> None:
    """What was made, into the row."""
    row.status, row.tries = made.status, 0
    row.variants = made.variants
    row.blur_placeholder = made.blur_placeholder
    row.thumbhash = made.thumbhash
    row.dominant_color = made.dominant_color
    row.blurhash = made.blurhash
    row.palette = list(made.palette)
    row.pipeline = PIPELINE_VERSION


def new_revision() -> str:
    """Part of a picture's addresses, until it is made private."""
    return secrets.token_hex(8)
