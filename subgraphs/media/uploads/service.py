"""Uploads in several steps: begun, filled by whichever door, then taken in like any other; or ended, leaving nothing.

What an upload has been told is stored is never lost: its bytes are objects before they are counted, and from
RECEIVED on it does not expire, but is finished by whoever has the lease, however often that one dies.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from media_core.storage import ObjectStore
from subgraphs.kit.clock import uuid7
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.media.events import upload_topic
from subgraphs.media.limits.quotas import Quotas
from subgraphs.media.models import MediaFile, UploadSession
from subgraphs.media.processing.ingest import Ingest
from subgraphs.media.storage.staging import Staging
from subgraphs.media.uploads.chunking import Checksum, Cutter
from subgraphs.media.uploads.errors import ChecksumMismatch, UploadEnded, WrongOffset
from subgraphs.media.uploads.finishing import Finishing
from subgraphs.media.uploads.objects import UploadObjects
from subgraphs.media.uploads.repository import OPEN, Part, Sessions

__all__ = ["Begin", "Uploads"]

_MOST_STEPS = 10_000
"""Changes of one upload: nobody sends a file byte by byte."""


@dataclass(frozen=True, slots=True)
class Begin:
    """What a client announces."""

    protocol: str
    bytes: int | None
    visibility: str
    alt_text: str | None = None
    keep_copyright: bool = False
    content_type: str | None = None
    sha256: str | None = None
    metadata: str = ""
    concat: str | None = None


class Uploads:
    """Everything about uploads in several steps but the doors they come by."""

    def __init__(
        self, resources: Resources, sessions: Sessions, ingest: Ingest, staging: Staging, store: ObjectStore
    ) -> None:
        self._resources = resources
        self._database = resources.database
        self._sessions = sessions
        self._objects = UploadObjects(sessions, store)
        self._finishing = Finishing(resources, sessions, self._objects, ingest, staging, store)
        self._quotas = Quotas(resources.database, resources.settings.storage)

    async def begin(self, owner: UUID, begin: Begin) -> UploadSession:
        """Raises Rejected where the file is too large, or the owner's quota has no room for it."""
        settings = self._resources.settings
        if begin.bytes is not None and begin.bytes > settings.upload_max_bytes:
            raise self._too_large()
        async with self._database.write() as tx:
            usage = await self._quotas.charge(tx, owner, 0, files=0)
            under_way = await self._sessions.open_of(tx, owner)
            usage.check(bytes=under_way.bytes + (begin.bytes or 0), files=1)
            if under_way.count >= settings.storage.open_uploads:
                message = f"You have {under_way.count} uploads under way: finish or abort some of them first."
                raise Rejected(ErrorCode.QUOTA_EXCEEDED, message)
            session = UploadSession(
                id=uuid7(),
                owner_id=owner,
                protocol=begin.protocol,
                status="PENDING",
                bytes=begin.bytes,
                sha256=begin.sha256,
                content_type=begin.content_type,
                upload_metadata=begin.metadata,
                concat=begin.concat,
                visibility=begin.visibility,
                alt_text=begin.alt_text,
                keep_copyright=begin.keep_copyright,
                expires_at=tx.now + timedelta(hours=settings.storage.upload_hours),
            )
            tx.session.add(session)
        return session

    async def find(self, owner: UUID, session: UUID | None) -> UploadSession:
        """One's own. Raises Rejected(NOT_FOUND)."""
        found = await self._sessions.get(session) if session else None
        if found is None or found.owner_id != owner:
            raise Rejected.not_found("upload", "id")
        return found

    async def announce(self, session: UploadSession, size: int) -> UploadSession:
        """The length, said later than at the start. Raises Rejected."""
        if size > self._resources.settings.upload_max_bytes:
            raise self._too_large()
        async with self._database.write() as tx:
            known = not await self._sessions.announce(tx, session.id, size)
        if (known and session.bytes != size) or size < session.received:
            raise Rejected(ErrorCode.INVALID_INPUT, "The length is another than was said.")
        return await self.find(session.owner_id, session.id)

    async def append(
        self, session: UploadSession, stream: AsyncIterator[bytes], checksum: Checksum | None = None
    ) -> UploadSession:
        """Store what comes, in pieces, and count each; with a checksum all of it, or nothing.

        Raises UploadEnded, WrongOffset, ChecksumMismatch, Rejected(TOO_LARGE), Unavailable.
        """
        if session.status != "PENDING" or session.version > _MOST_STEPS:
            raise UploadEnded(session.status)
        most = self._resources.settings.upload_max_bytes if session.bytes is None else session.bytes
        cutter = Cutter(stream, most - session.received, checksum)
        counted, held = session.received, list[Part]()
        while await cutter.more():
            held.append(await self._objects.put(session, counted + sum(p.bytes for p in held), cutter))
            if await cutter.over():
                raise self._too_large()
            if checksum is None:
                counted = await self._record(session, counted, held)
                held = []
        if not cutter.whole:
            raise ChecksumMismatch
        if held or counted == session.bytes:
            await self._record(session, counted, held)
        return await self.find(session.owner_id, session.id)

    async def complete(self, session: UploadSession) -> MediaFile | None:
        """After the client put the object itself. As ``finish``; once more is the same as once."""
        if session.status not in (*OPEN, "DONE"):
            raise UploadEnded(session.status)
        if session.status == "PENDING":
            await self._objects.check(session)
            async with self._database.write() as tx:
                await self._sessions.received(tx, session.id)
                tx.tell(upload_topic(session.id), {"id": session.id.hex})
        return await self.finish(session)

    async def abort(self, session: UploadSession) -> None:
        """End it; its bytes go. One that is done stays done."""
        async with self._database.write() as tx:
            if await self._sessions.abort(tx, session.id):
                tx.tell(upload_topic(session.id), {"id": session.id.hex})

    async def finish(self, session: UploadSession) -> MediaFile | None:
        """Take in what was received; None where that waits, for its turn or for a server that is away.

        Raises Rejected on what is not taken: the upload has FAILED then.
        """
        return await self._finishing.finish(session)

    def part_of(self, session: UploadSession) -> AsyncIterator[bytes]:
        """The bytes of one upload, for another that they are joined to."""
        return self._objects.read(session)

    async def _record(self, session: UploadSession, start: int, parts: Sequence[Part]) -> int:
        """Count what is stored; where the upload stands now. What then is all of it is received, unless it is a
        part of something larger, and waits for that."""
        end = start + sum(part.bytes for part in parts)
        async with self._database.write() as tx:
            if parts and not await self._sessions.record(tx, session.id, start, parts):
                raise WrongOffset
            if end == session.bytes and session.concat != "partial":
                await self._sessions.received(tx, session.id)
            tx.tell(upload_topic(session.id), {"id": session.id.hex})
        return end

    def _too_large(self) -> Rejected:
        megabytes = self._resources.settings.upload_max_bytes >> 20
        message = f"A file has at most {megabytes} MiB, and no more than was announced."
        return Rejected(ErrorCode.TOO_LARGE, message, "file")
