"""Making albums, and putting pictures into them and in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.media.albums.writes import AlbumWrites
from subgraphs.media.events import album_topic, emit_album
from subgraphs.media.loaders import Loaders
from subgraphs.media.models import ALBUM, Album
from subgraphs.media.policies import may_administer, may_contribute, may_see_album, role_in
from subgraphs.media.validation import checked_text

__all__ = ["AlbumChanges", "Albums", "NewAlbum"]

_LONGEST_TITLE, _LONGEST_DESCRIPTION = 200, 5000
_MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class NewAlbum:
    """What an album begins as."""

    title: str
    description: str | None
    visibility: str


@dataclass(frozen=True, slots=True)
class AlbumChanges:
    """What is None stays."""

    title: str | None = None
    description: str | None = None
    visibility: str | None = None
    cover: UUID | None = None


class Albums:
    """Everything that changes albums, but who is let in (``sharing.py``)."""

    def __init__(self, resources: Resources, writes: AlbumWrites) -> None:
        self._resources = resources
        self._writes = writes

    async def create(self, viewer: UUID, new: NewAlbum, key: str | None) -> Album:
        """Raises Rejected."""
        album = Album(
            owner_id=viewer,
            title=checked_text(new.title, "title", _LONGEST_TITLE, least=1),
            description=checked_text(new.description, "description", _LONGEST_DESCRIPTION) or None,
            visibility=new.visibility,
        )
        async with self._resources.database.write() as tx:
            if (earlier := await tx.once(viewer, "createAlbum", key, new)) is not None:
                found = await self._writes.lock(tx, UUID(earlier))
                if found is None:
                    raise Rejected.not_found("album")
                return found
            most = self._resources.settings.library.albums
            if await self._writes.albums(tx, viewer) >= most:
                raise Rejected(ErrorCode.INVALID_INPUT, f"You have at most {most} albums.")
            album.created_at = album.updated_at = tx.now
            tx.add(album, ALBUM)
            emit_album(tx, album)
            await tx.remember(album.id.hex)
        return album

    async def update(self, loaders: Loaders, album: UUID, changes: AlbumChanges) -> Album:
        """Raises Rejected."""
        title = checked_text(changes.title, "title", _LONGEST_TITLE, least=1)
        description = checked_text(changes.description, "description", _LONGEST_DESCRIPTION)
        async with self._resources.database.write() as tx:
            row = await self.administered(tx, loaders, album, "id")
            row.title = row.title if title is None else title
            row.description = row.description if description is None else description or None
            row.cover_id = await self._cover(tx, row, changes.cover)
            if changes.visibility is not None and changes.visibility != row.visibility:
                row.visibility = changes.visibility
                detail = {"visibility": changes.visibility}
                await tx.audit(row.owner_id, "album.visibility", ("Album", album.hex), **detail)
            tx.touch(row, ALBUM)
            emit_album(tx, row)
            return row

    async def delete(self, loaders: Loaders, album: UUID) -> None:
        """The album, its members and links; not the pictures. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self.administered(tx, loaders, album, "id")
            tx.delete(row, ALBUM)
            emit_album(tx, row)
            await tx.audit(row.owner_id, "album.deleted", ("Album", album.hex))

    async def add(self, loaders: Loaders, album: UUID, media: Sequence[UUID]) -> Album:
        """Put pictures at the end: one's own, which the album then shows, and others that one may see, which it
        shows to nobody who may not. Raises Rejected."""
        viewer = loaders.reader.viewer.require()
        _check_many(media)
        seen = await loaders.visible_many(media)
        for at, row in enumerate(seen):
            if row is None or row.trashed_at is not None:
                raise Rejected.not_found("picture", "assetIds", str(at))
        own = [row.id for row in seen if row and row.owner_id == viewer]
        async with self._resources.database.write() as tx:
            found = await self._contributed(tx, loaders, album)
            await self._writes.append(tx, album, media, viewer, own)
            most = self._resources.settings.library.album_pictures
            if await self._writes.items(tx, album) > most:
                raise Rejected(ErrorCode.INVALID_INPUT, f"An album has at most {most} pictures.", "assetIds")
            tx.tell(album_topic(album), {"id": album.hex})
            return found

    async def remove(self, loaders: Loaders, album: UUID, media: Sequence[UUID]) -> Album:
        """Take pictures out: its owner any, a contributor those they put in. Raises Rejected."""
        viewer = loaders.reader.viewer.require()
        _check_many(media)
        async with self._resources.database.write() as tx:
            found = await self._contributed(tx, loaders, album)
            by = None if found.owner_id == viewer else viewer
            gone = set(await self._writes.remove(tx, album, media, by))
            for at, one in enumerate(media):
                if one not in gone:
                    raise Rejected.not_found("picture", "assetIds", str(at))
            if found.cover_id in gone:
                found.cover_id = None
                tx.touch(found, ALBUM)
            tx.tell(album_topic(album), {"id": album.hex})
            return found

    async def reorder(
        self, loaders: Loaders, album: UUID, media: Sequence[UUID], after: UUID | None
    ) -> Album:
        """Put pictures of the album behind ``after``, or at its beginning, in this order. Raises Rejected."""
        _check_many(media)
        if after in media:
            raise Rejected(ErrorCode.INVALID_INPUT, "A picture does not follow itself.", "after")
        async with self._resources.database.write() as tx:
            found = await self.administered(tx, loaders, album)
            for unknown in await self._writes.place(tx, album, media, after):
                where = ("after",) if unknown == after else ("assetIds", str(list(media).index(unknown)))
                raise Rejected.not_found("picture", *where)
            tx.tell(album_topic(album), {"id": album.hex})
            return found

    async def administered(
        self, tx: Transaction, loaders: Loaders, album: UUID, field: str = "albumId"
    ) -> Album:
        """The album, locked, for its owner: not there for those who do not see it, forbidden to others."""
        row, role = await self._locked(tx, loaders, album, field)
        if not may_administer(role):
            raise Rejected(ErrorCode.FORBIDDEN, "Only its owner may do this.", field)
        return row

    async def _contributed(self, tx: Transaction, loaders: Loaders, album: UUID) -> Album:
        row, role = await self._locked(tx, loaders, album, "albumId")
        if not may_contribute(role):
            raise Rejected(ErrorCode.FORBIDDEN, "You may look here, not add.", "albumId")
        return row

    async def _locked(
        self, tx: Transaction, loaders: Loaders, album: UUID, field: str
    ) -> tuple[Album, str | None]:
        """As it is now, and what the viewer is in it."""
        viewer = loaders.reader.viewer
        row = await self._writes.lock(tx, album)
        member = await self._writes.members.role(tx, album, viewer.require()) if row else None
        owner = await loaders.relations.load(row.owner_id) if row else None
        if row is None or owner is None or not may_see_album(row, viewer, owner, member):
            raise Rejected.not_found("album", field)
        return row, role_in(row, viewer, member)

    async def _cover(self, tx: Transaction, album: Album, cover: UUID | None) -> UUID | None:
        if cover is None:
            return album.cover_id
        if not await self._writes.holds(tx, album.id, cover):
            raise Rejected.not_found("picture", "coverId")
        return cover


def _check_many(media: Sequence[UUID]) -> None:
    if not 0 < len(media) <= _MOST_AT_ONCE or len(set(media)) < len(media):
        message = f"Between 1 and {_MOST_AT_ONCE} pictures, each once."
        raise Rejected(ErrorCode.INVALID_INPUT, message, "assetIds")
