"""What people do with pictures that are there: describe, narrow, tag, like, throw away, take back."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.media.events import emit_file
from subgraphs.media.library.repository import LibraryRepository
from subgraphs.media.loaders import Loaders
from subgraphs.media.models import MEDIA, MediaFile
from subgraphs.media.policies import is_public
from subgraphs.media.processing.ingest import new_revision
from subgraphs.media.serving.cdn import Purges
from subgraphs.media.validation import checked_text

__all__ = ["Changed", "Changes", "Library"]

LetGo: TypeAlias = Callable[[Transaction, MediaFile], Awaitable[None]]
"""Deletes a file's row, and gives up its content."""

_LONGEST_ALT_TEXT, _LONGEST_CAPTION, _LONGEST_TAG = 1500, 2000, 60
_MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Changes:
    """What is None stays; an empty text is taken away."""

    alt_text: str | None = None
    caption: str | None = None
    taken_at: datetime | None = None
    visibility: str | None = None

    @property
    def narrows(self) -> bool:
        return self.visibility == "PRIVATE"


@dataclass(frozen=True, slots=True)
class Changed:
    """The rows after a change, and whether a CDN has forgotten what it must (None: nothing)."""

    rows: list[MediaFile]
    purged: bool | None = None


class Library:
    """Everything that changes one's own pictures, and what one likes of others'."""

    def __init__(
        self, resources: Resources, repository: LibraryRepository, purges: Purges, let_go: LetGo
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._purges = purges
        self._let_go = let_go

    async def update(self, viewer: UUID, media: UUID, changes: Changes) -> Changed:
        """Change what is given. Made private, once more too, its old addresses end at once, and nothing shows it any
        more that did before. Raises Rejected."""
        alt_text = checked_text(changes.alt_text, "altText", _LONGEST_ALT_TEXT)
        caption = checked_text(changes.caption, "caption", _LONGEST_CAPTION)
        async with self._resources.database.write() as tx:
            (row,) = await self._own(tx, viewer, [media], "id")
            asked = self._narrow(tx, [row]) if changes.narrows else []
            row.alt_text = row.alt_text if alt_text is None else alt_text or None
            row.caption = row.caption if caption is None else caption or None
            row.taken_at = changes.taken_at.astimezone(UTC) if changes.taken_at else row.taken_at
            if changes.visibility is not None and (changes.narrows or changes.visibility != row.visibility):
                row.visibility = changes.visibility
                row.private_since = tx.now if changes.narrows else row.private_since
                detail = {"visibility": changes.visibility}
                await tx.audit(viewer, "asset.visibility", ("MediaFile", media.hex), **detail)
            self._changed(tx, row)
        return Changed([row], await self._purges.settle(asked))

    async def trash(self, viewer: UUID, media: Sequence[UUID]) -> Changed:
        """Out of every list, album and address, all of them or none; what is there already stays. Raises Rejected."""
        async with self._resources.database.write() as tx:
            rows = await self._own(tx, viewer, media, "ids")
            fresh = [row for row in rows if row.trashed_at is None]
            asked = self._narrow(tx, fresh)
            for row in fresh:
                row.trashed_at = tx.now
                self._changed(tx, row)
        return Changed(rows, await self._purges.settle(asked))

    async def restore(self, viewer: UUID, media: Sequence[UUID]) -> Changed:
        """Out of the trash, all of them or none, and back where they were. Raises Rejected."""
        async with self._resources.database.write() as tx:
            rows = await self._own(tx, viewer, media, "ids")
            for row in rows:
                if row.trashed_at is not None:
                    row.trashed_at = None
                    self._changed(tx, row)
        return Changed(rows)

    async def delete(self, viewer: UUID, media: Sequence[UUID], *, trashed_only: bool = False) -> Changed:
        """Gone for good, all of them or none: from every list and address now, their bytes soon. Raises Rejected."""
        field = "ids" if trashed_only else "id"
        async with self._resources.database.write() as tx:
            rows = await self._own(tx, viewer, media, field)
            if trashed_only and any(row.trashed_at is None for row in rows):
                raise Rejected(ErrorCode.CONFLICT, "Only what is in the trash is purged.", field)
            asked = self._narrow(tx, rows)
            for row in rows:
                await self._let_go(tx, row)
                await tx.audit(viewer, "asset.deleted", ("MediaFile", row.id.hex))
        return Changed(rows, await self._purges.settle(asked))

    async def tag(
        self, viewer: UUID, media: Sequence[UUID], add: Sequence[str], remove: Sequence[str]
    ) -> Changed:
        """Put words on one's own pictures and take others off. Raises Rejected."""
        most = self._resources.settings.library.picture_tags
        added, removed = _tags(add, "add", most), _tags(remove, "remove", most)
        async with self._resources.database.write() as tx:
            rows = await self._own(tx, viewer, media, "ids")
            await self._repository.untag(tx, media, removed)
            await self._repository.tag(tx, viewer, media, added)
            if await self._repository.most_tags(tx, media) > most:
                message = f"A picture has at most {most} tags."
                raise Rejected(ErrorCode.INVALID_INPUT, message, "add")
        return Changed(rows)

    async def like(self, loaders: Loaders, media: UUID, *, liked: bool) -> MediaFile:
        """Find a picture again among one's favourites, or no longer. Raises Rejected."""
        viewer = loaders.reader.viewer.require()
        row = await loaders.visible(media)
        if row is None or row.trashed_at is not None:
            raise Rejected.not_found("picture", "id")
        async with self._resources.database.write() as tx:
            change = self._repository.like if liked else self._repository.unlike
            await change(tx, viewer, media)
        return row

    async def _own(self, tx: Transaction, viewer: UUID, media: Sequence[UUID], field: str) -> list[MediaFile]:
        """These rows, locked, in the order asked for; one that is not the viewer's is not there."""
        if not 0 < len(media) <= _MOST_AT_ONCE or len(set(media)) < len(media):
            message = f"Between 1 and {_MOST_AT_ONCE} pictures, each once."
            raise Rejected(ErrorCode.INVALID_INPUT, message, field)
        found = await self._repository.lock(tx, viewer, media)
        for at, one in enumerate(media):
            if one not in found:
                raise Rejected.not_found("picture", field, *([str(at)] if field == "ids" else []))
        return [found[one] for one in media]

    def _narrow(self, tx: Transaction, rows: Sequence[MediaFile]) -> list[UUID]:
        """End the addresses of these, here at once and, of public ones, at a CDN by purges, which are answered."""
        for row in rows:
            row.revision = new_revision()
        return self._purges.ask(tx, [row.id for row in rows if is_public(row)])

    def _changed(self, tx: Transaction, row: MediaFile) -> None:
        tx.touch(row, MEDIA)
        emit_file(tx, row)


def _tags(names: Sequence[str], field: str, most: int) -> list[str]:
    """Lower case, without spaces around, each once. Raises Rejected."""
    found = dict.fromkeys(unicodedata.normalize("NFKC", name).strip().casefold() for name in names)
    if len(found) > most or not all(0 < len(n) <= _LONGEST_TAG and n.isprintable() for n in found):
        message = f"At most {most} tags, each of 1 to {_LONGEST_TAG} characters on one line."
        raise Rejected(ErrorCode.INVALID_INPUT, message, field)
    return list(found)
