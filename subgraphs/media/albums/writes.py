"""What services do to albums in the database, each within a transaction that a service began."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, func, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.kit.authorization.membership import Membership
from subgraphs.kit.database.transaction import Transaction
from subgraphs.media.albums.ordering import STEP, Spread, between
from subgraphs.media.models import Album, AlbumItem, AlbumMember, AlbumShare

__all__ = ["AlbumWrites"]


class AlbumWrites:
    """The album's row is locked first, always: members, links and order change one after the other."""

    members = Membership(AlbumMember, "album_id", "added_at")

    async def lock(self, tx: Transaction, album: UUID) -> Album | None:
        return await tx.lock(Album, album)

    async def albums(self, tx: Transaction, owner: UUID) -> int:
        """How many the owner has; nobody else makes one of theirs until this transaction has ended."""
        alone = func.pg_advisory_xact_lock(func.hashtextextended(f"albums:{owner.hex}", 0))
        await tx.session.execute(select_columns(alone))
        count = select_columns(func.count()).where(
            col(Album.owner_id) == owner, col(Album.deleted_at).is_(None)
        )
        return int((await tx.session.execute(count)).scalar_one())

    async def remove_member(self, tx: Transaction, album: UUID, user: UUID) -> bool:
        """The member, and the pictures they put in; whether there was such a member."""
        if not await self.members.remove(tx, album, user):
            return False
        items = delete(AlbumItem).where(col(AlbumItem.album_id) == album, col(AlbumItem.added_by) == user)
        await tx.session.execute(items)
        return True

    async def shares(self, tx: Transaction, album: UUID) -> int:
        """How many links there are that were not revoked."""
        statement = select_columns(func.count()).where(
            col(AlbumShare.album_id) == album, col(AlbumShare.deleted_at).is_(None)
        )
        return int((await tx.session.execute(statement)).scalar_one())

    async def items(self, tx: Transaction, album: UUID) -> int:
        statement = select_columns(func.count()).where(col(AlbumItem.album_id) == album)
        return int((await tx.session.execute(statement)).scalar_one())

    async def holds(self, tx: Transaction, album: UUID, media: UUID) -> bool:
        """Whether the picture is in the album."""
        return await tx.session.get(AlbumItem, (album, media)) is not None

    async def append(
        self, tx: Transaction, album: UUID, media: Sequence[UUID], by: UUID, own: Sequence[UUID]
    ) -> None:
        """At the end, in the order given; what is there already stays where it is.

        One of the adder's ``own`` is from then on theirs to show, whoever had put it there and when.
        """
        last = select_columns(func.max(col(AlbumItem.position))).where(col(AlbumItem.album_id) == album)
        end = (await tx.session.execute(last)).scalar_one() or 0
        rows = [
            {"album_id": album, "media_id": m, "position": end + STEP * n, "added_by": by, "added_at": tx.now}
            for n, m in enumerate(media, start=1)
        ]
        statement = upsert(AlbumItem).values(rows)
        changed = {"added_by": statement.excluded.added_by, "added_at": statement.excluded.added_at}
        await tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["album_id", "media_id"], set_=changed, where=col(AlbumItem.media_id).in_(own)
            )
        )

    async def remove(
        self, tx: Transaction, album: UUID, media: Sequence[UUID], by: UUID | None
    ) -> Sequence[UUID]:
        """Take pictures out; ``by``: only what this person put in. Those that were there."""
        statement = delete(AlbumItem).where(
            col(AlbumItem.album_id) == album, col(AlbumItem.media_id).in_(media)
        )
        if by is not None:
            statement = statement.where(col(AlbumItem.added_by) == by)
        return (await tx.session.scalars(statement.returning(col(AlbumItem.media_id)))).all()

    async def place(
        self, tx: Transaction, album: UUID, media: Sequence[UUID], after: UUID | None
    ) -> Sequence[UUID]:
        """Put pictures behind ``after`` (None: at the beginning), in the order given. Those not in the album."""
        mine = col(AlbumItem.album_id) == album
        named = [*media, *([after] if after else [])]
        known = await tx.session.execute(
            select_columns(col(AlbumItem.media_id), col(AlbumItem.position)).where(
                mine, col(AlbumItem.media_id).in_(named)
            )
        )
        positions = dict(known.all())
        if unknown := [m for m in named if m not in positions]:
            return unknown
        low = positions[after] if after else None
        following = select_columns(func.min(col(AlbumItem.position))).where(
            mine,
            col(AlbumItem.media_id).not_in(media),
            *([col(AlbumItem.position) > low] if low is not None else []),
        )
        high = (await tx.session.execute(following)).scalar_one()
        try:
            await self._set(tx, album, dict(zip(media, between(low, high, len(media)), strict=True)))
        except Spread:
            await self._spread(tx, album)
            return await self.place(tx, album, media, after)
        return []

    async def _set(self, tx: Transaction, album: UUID, positions: dict[UUID, int]) -> None:
        statement = (
            update(AlbumItem)
            .where(col(AlbumItem.album_id) == album, col(AlbumItem.media_id) == bindparam("media"))
            .values(position=bindparam("at"))
        )
        connection = await tx.session.connection()
        await connection.execute(statement, [{"media": m, "at": at} for m, at in positions.items()])

    async def _spread(self, tx: Transaction, album: UUID) -> None:
        """Give all pictures of an album room again."""
        rank = func.row_number().over(order_by=(col(AlbumItem.position), col(AlbumItem.media_id)))
        ranked = (
            select_columns(col(AlbumItem.media_id).label("media"), rank.label("rank"))
            .where(col(AlbumItem.album_id) == album)
            .subquery()
        )
        await tx.session.execute(
            update(AlbumItem)
            .where(col(AlbumItem.album_id) == album, col(AlbumItem.media_id) == ranked.c.media)
            .values(position=ranked.c.rank * STEP)
        )
