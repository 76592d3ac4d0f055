"""Who is let into an album: members by name, and whoever holds a link."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from subgraphs.kit.authorization.relations import NO_RELATION
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.media.albums.repository import AlbumRepository
from subgraphs.media.albums.service import Albums
from subgraphs.media.albums.writes import AlbumWrites
from subgraphs.media.events import album_topic
from subgraphs.media.loaders import Loaders
from subgraphs.media.models import ALBUM, Album, AlbumShare

__all__ = ["Sharing"]

_TOKEN_BYTES = 32


class Sharing:
    """Everything that lets people into albums, and out again."""

    def __init__(
        self, resources: Resources, repository: AlbumRepository, writes: AlbumWrites, albums: Albums
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._writes = writes
        self._albums = albums

    async def set_member(self, loaders: Loaders, album: UUID, user: UUID, role: str | None) -> Album:
        """Let someone in, change what they may, or (None) let them go, and with them the pictures they put in.
        Everyone may go by themselves. Raises Rejected."""
        viewer = loaders.reader.viewer.require()
        if role is not None:
            between = await self._resources.relations.between(viewer, [user])
            if between.get(user, NO_RELATION).severed:
                raise Rejected.not_found("account", "userId")
        async with self._resources.database.write() as tx:
            if user == viewer and role is None:
                row = await self._left(tx, album, user)
            else:
                row = await self._albums.administered(tx, loaders, album)
                await self._set(tx, row, user, role)
            tx.touch(row, ALBUM)
            tx.tell(album_topic(album), {"id": album.hex})
            action = "album.member_removed" if role is None else "album.member_set"
            await tx.audit(viewer, action, ("Album", album.hex), user=user.hex, role=role)
            return row

    async def create_share(
        self, loaders: Loaders, album: UUID, expires_at: datetime | None
    ) -> tuple[AlbumShare, str]:
        """A link that shows the album to whoever holds it, and its token, which is not kept. Raises Rejected."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        async with self._resources.database.write() as tx:
            if expires_at is not None and expires_at <= tx.now:
                raise Rejected(ErrorCode.INVALID_INPUT, "This is over already.", "expiresAt")
            row = await self._albums.administered(tx, loaders, album)
            most = self._resources.settings.library.album_links
            if await self._writes.shares(tx, album) >= most:
                raise Rejected(ErrorCode.INVALID_INPUT, f"An album has at most {most} links.", "albumId")
            share = AlbumShare(
                created_at=tx.now,
                updated_at=tx.now,
                album_id=album,
                token_hash=_hash(token),
                expires_at=expires_at,
            )
            tx.add(share)
            await tx.audit(row.owner_id, "album.share_created", ("Album", album.hex), share=share.id.hex)
            return share, token

    async def revoke_share(self, viewer: UUID, share: UUID) -> Album:
        """The link shows nothing any more, nor do the addresses it gave. Raises Rejected."""
        async with self._resources.database.write() as tx:
            link = await tx.lock(AlbumShare, share)
            row = await self._writes.lock(tx, link.album_id) if link else None
            if link is None or row is None or row.owner_id != viewer:
                raise Rejected.not_found("link", "id")
            tx.delete(link)
            await tx.audit(viewer, "album.share_revoked", ("Album", row.id.hex), share=share.hex)
            return row

    async def opened(self, token: str) -> UUID | None:
        """The share link with this token, if it holds now."""
        return await self._repository.share_of(_hash(token), self._resources.clock.now())

    async def _left(self, tx: Transaction, album: UUID, user: UUID) -> Album:
        """Going is for members alone: to others it does not say whether there is such an album."""
        row = await self._writes.lock(tx, album)
        if row is None or not await self._writes.remove_member(tx, album, user):
            raise Rejected.not_found("album", "albumId")
        return row

    async def _set(self, tx: Transaction, album: Album, user: UUID, role: str | None) -> None:
        if user == album.owner_id:
            raise Rejected(ErrorCode.INVALID_INPUT, "An album is its owner's.", "userId")
        if role is None:
            if not await self._writes.remove_member(tx, album.id, user):
                raise Rejected.not_found("member", "userId")
            return
        await self._writes.members.put(tx, album.id, user, role)
        most = self._resources.settings.library.album_members
        if await self._writes.members.count(tx, album.id) > most:
            raise Rejected(ErrorCode.INVALID_INPUT, f"An album has at most {most} members.", "userId")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
