"""What owners change about how a picture is shown: its turn, what crops keep in sight, and whether it names them. The upload
stays as it is."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.media.edits import WHOLE, turned
from subgraphs.media.events import emit_file, status_topic
from subgraphs.media.library.service import Changed
from subgraphs.media.limits.admission import Admission
from subgraphs.media.models import MEDIA, MediaFile
from subgraphs.media.policies import is_public, may_change
from subgraphs.media.processing.errors import judged
from subgraphs.media.processing.ingest import fill
from subgraphs.media.processing.pipeline import Pipeline
from subgraphs.media.readers import Reader
from subgraphs.media.repository import MediaRepository
from subgraphs.media.serving.cdn import Purges

__all__ = ["Editing"]


class Editing:
    """Each change says how the picture is to be shown, so that it may be repeated."""

    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        pipeline: Pipeline,
        admission: Admission,
        purges: Purges,
    ) -> None:
        self._database = resources.database
        self._repository = repository
        self._limiter = resources.limiter
        self._edits_an_hour = resources.settings.library.edits_an_hour
        self._pipeline = pipeline
        self._admission = admission
        self._purges = purges

    async def rotate(self, reader: Reader, media: UUID, degrees: int) -> MediaFile:
        """Clockwise from how the upload has it; all sizes are made anew from the upload when this returns.
        That is the work of an upload, and takes the place of one.

        Raises Rejected, RateLimited, Unavailable.
        """
        quarters, rest = divmod(degrees, 90)
        if rest or not 0 <= quarters <= 3:
            raise Rejected(ErrorCode.INVALID_INPUT, "Degrees are 0, 90, 180 or 270.", "degrees")
        found = await self._found(reader, media)
        if found.is_film:
            raise Rejected(ErrorCode.INVALID_INPUT, "Films are not turned.", "id")
        return (await self._shown(reader, found, quarters, keep_copyright=found.keep_copyright)).rows[0]

    async def keep_copyright(self, reader: Reader, media: UUID, *, keep: bool) -> Changed:
        """Whether copyright and artist stay; all sizes are made anew, as ``rotate`` does. Kept no longer, a CDN forgets
        the picture.

        Raises Rejected, RateLimited, Unavailable.
        """
        found = await self._found(reader, media)
        if found.is_film:
            raise Rejected(ErrorCode.INVALID_INPUT, "Of a film nothing is kept.", "id")
        return await self._shown(reader, found, found.turn, keep_copyright=keep)

    async def focus(self, reader: Reader, media: UUID, point: tuple[float, float] | None) -> MediaFile:
        """What crops keep in sight, from 0 to 1 rightwards and downwards; None: where there is most to see.

        Raises Rejected, RateLimited.
        """
        if point is not None and not all(0 <= at <= 1 for at in point):
            raise Rejected(ErrorCode.INVALID_INPUT, "A point is from 0 to 1 each way.", "point")
        await self._count(reader)
        x, y = (round(at * WHOLE) for at in point) if point else (None, None)
        async with self._database.write() as tx:
            row = await self._own(tx, reader, media)
            if (row.focus_x, row.focus_y) != (x, y):
                row.focus_x, row.focus_y = x, y
                tx.touch(row, MEDIA)
                emit_file(tx, row)
        return row

    async def _found(self, reader: Reader, media: UUID) -> MediaFile:
        found = next(iter(await self._repository.by_ids([media])), None)
        if found is None or found.blob is None or not may_change(found, reader.viewer):
            raise Rejected.not_found("picture", "id")
        return found

    async def _shown(self, reader: Reader, found: MediaFile, turn: int, *, keep_copyright: bool) -> Changed:
        """Made anew so, unless it is so already."""
        shown, wanted = (found.turn, found.keep_copyright), (turn, keep_copyright)
        if shown == wanted and found.status == "READY":
            return Changed([found])
        await self._count(reader)
        async with self._admission.slot(reader.viewer.require()):
            with judged("id"):
                made = await self._pipeline.again(found.place, turn, keep_copyright=keep_copyright)
        async with self._database.write() as tx:
            row = await self._own(tx, reader, found.id)
            if (row.turn, row.keep_copyright) not in (shown, wanted):
                raise Rejected(ErrorCode.CONFLICT, "It was edited otherwise meanwhile.", "id")
            withdrawn = is_public(row) and row.keep_copyright and not keep_copyright
            asked = self._purges.ask(tx, [row.id]) if withdrawn else []
            row.turn, row.focus_x, row.focus_y = turned(row, turn - row.turn)
            row.keep_copyright = keep_copyright
            row.width, row.height = made.metadata.width, made.metadata.height
            fill(row, made)
            tx.touch(row, MEDIA)
            emit_file(tx, row)
            tx.tell(status_topic(row.owner_id), {"id": row.id.hex})
        return Changed([row], await self._purges.settle(asked))

    async def _count(self, reader: Reader) -> None:
        """Each edit has renditions of its own. Raises RateLimited."""
        await self._limiter.hit(f"edits:{reader.viewer.require().hex}", self._edits_an_hour, 3600)

    async def _own(self, tx: Transaction, reader: Reader, media: UUID) -> MediaFile:
        row = await self._repository.for_update(tx, media)
        if row is None or not may_change(row, reader.viewer):
            raise Rejected.not_found("picture", "id")
        return row
