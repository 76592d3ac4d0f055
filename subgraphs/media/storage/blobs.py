"""Contents in the store: claimed while an upload writes them, counted by owner, condemned when nobody has them.

Why collection never takes what an upload has stored, and never leaves anything behind:

1. A blob's row is committed before its first object is put, and is deleted after its last is removed. Its
   prefix is random at the end and never given again. So an object without a row belongs to a blob that is
   gone for good: it may be removed at any time, by anyone, without a grace.
2. A blob is written to under a claim, and referred to only by `settle`, which locks the blob's row, and takes
   the claim away: no claim, no reference.
3. `condemn` locks the rows first, and looks for references and claims only then, in a statement of its own:
   under READ COMMITTED that one sees whatever was committed before the lock was had, and nothing can be added
   while it is held (`claim` and `settle` lock the same row). A condemned blob stays so: equal content that
   comes later gets a row, and a prefix, of its own.
4. The claim's expiry is only about progress. An upload that outlives its claim loses nothing: the claim is
   deleted in the transaction that condemns, so `settle` raises ClaimLost, and the upload starts again or fails
   before it is acknowledged. What it had put is an object without a row (1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Integer, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.models import timestamp
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.media.edits import edits_of
from subgraphs.media.models import Blob, BlobClaim, BlobReference, MediaFile
from subgraphs.media.storage.keys import new_blob

__all__ = ["Blobs", "Claim", "ClaimLost"]

_LEASE = timedelta(minutes=30)
"""Many times what storing one upload may take; see 4."""
_LIVE = col(Blob.condemned_at).is_(None)
_CONDEMNED: Read[Any] = Read(
    select(col(Blob.prefix))
    .where(col(Blob.condemned_at) <= given("before", timestamp))
    .order_by(col(Blob.condemned_at))
    .limit(given("count", Integer))
)
_KNOWN: Read[Any] = Read(select(col(Blob.prefix)).where(one_of(col(Blob.prefix), "blobs")))
_EDITED: tuple[Any, ...] = (MediaFile.turn, MediaFile.focus_x, MediaFile.focus_y, MediaFile.keep_copyright)
_EDITS: Read[Any] = Read(
    select(*map(col, (MediaFile.blob, *_EDITED))).where(one_of(col(MediaFile.blob), "blobs")).distinct()
)


class ClaimLost(Exception):
    """The claim ran out before it was settled: start again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write to a blob, and to refer to it."""

    id: UUID
    blob: str


class Blobs:
    """The statements; each within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, tx: Transaction, sha256: str, size: int) -> Claim:
        """The blob of this content, made where there is none, and a claim on it."""
        table = upsert(Blob).values(prefix=new_blob(sha256), sha256=sha256, bytes=size, created_at=tx.now)
        # Even an update of nothing locks the row, and sees a blob that is condemned meanwhile as not there.
        statement = table.on_conflict_do_update(
            index_elements=["sha256"], index_where=_LIVE, set_={"bytes": size}
        ).returning(col(Blob.prefix))
        claim = Claim(uuid4(), (await tx.session.execute(statement)).scalar_one())
        values = {"id": claim.id, "blob": claim.blob, "expires_at": tx.now + _LEASE}
        await tx.session.execute(insert(BlobClaim).values(**values))
        return claim

    async def abandon(self, tx: Transaction, claim: Claim) -> None:
        """Give the claim up; what was written is collected unless someone else refers to it."""
        await tx.session.execute(delete(BlobClaim).where(col(BlobClaim.id) == claim.id))

    async def settle(self, tx: Transaction, claim: Claim, owner: UUID) -> bool:
        """Turn the claim into a reference; whether it is the owner's first to this content. Raises ClaimLost."""
        await tx.session.execute(
            select(col(Blob.prefix)).where(col(Blob.prefix) == claim.blob).with_for_update()
        )
        taken = delete(BlobClaim).where(col(BlobClaim.id) == claim.id).returning(col(BlobClaim.id))
        if (await tx.session.execute(taken)).first() is None:
            raise ClaimLost(claim.blob)
        one = upsert(BlobReference).values(blob=claim.blob, owner_id=owner, count=1)
        counted = one.on_conflict_do_update(
            index_elements=["blob", "owner_id"], set_={"count": col(BlobReference.count) + 1}
        ).returning(col(BlobReference.count))
        return (await tx.session.execute(counted)).scalar_one() == 1

    async def release(self, tx: Transaction, blob: str, owner: UUID) -> bool:
        """One file of the owner less has this content; whether it was the last."""
        mine = (col(BlobReference.blob) == blob, col(BlobReference.owner_id) == owner)
        less = update(BlobReference).where(*mine).values(count=col(BlobReference.count) - 1)
        left = (await tx.session.execute(less.returning(col(BlobReference.count)))).scalar_one_or_none()
        if left == 0:
            await tx.session.execute(delete(BlobReference).where(*mine))
        return left == 0

    async def condemn(self, tx: Transaction, limit: int) -> int:
        """Give up blobs that nobody refers to or claims; how many. In two statements, for the reason in 3."""
        referred = exists().where(col(BlobReference.blob) == col(Blob.prefix))
        used = exists().where(col(MediaFile.blob) == col(Blob.prefix))
        claims = col(BlobClaim.blob) == col(Blob.prefix)
        claimed = exists().where(claims, col(BlobClaim.expires_at) > tx.now)
        idle = (_LIVE, ~referred, ~used, ~claimed)
        candidates = select(col(Blob.prefix)).where(*idle).limit(limit).with_for_update(skip_locked=True)
        locked = (await tx.session.scalars(candidates)).all()
        chosen = update(Blob).where(col(Blob.prefix).in_(locked), *idle).values(condemned_at=tx.now)
        condemned = (await tx.session.scalars(chosen.returning(col(Blob.prefix)))).all()
        await tx.session.execute(delete(BlobClaim).where(col(BlobClaim.blob).in_(condemned)))
        return len(condemned)

    async def condemned(self, before: datetime, limit: int) -> Sequence[str]:
        """Blobs whose objects may go, longest condemned first."""
        return [prefix for (prefix,) in await self._database.rows(_CONDEMNED, before=before, count=limit)]

    async def forget(self, tx: Transaction, blob: str) -> None:
        """After its objects are removed. The foreign keys refuse it where anything still refers to it."""
        gone = delete(Blob).where(col(Blob.prefix) == blob, col(Blob.condemned_at).is_not(None))
        await tx.session.execute(gone)

    async def unknown(self, blobs: Sequence[str]) -> set[str]:
        """Which of these have no row."""
        return set(blobs) - {prefix for (prefix,) in await self._database.rows(_KNOWN, blobs=blobs)}

    async def edits(self, blobs: Sequence[str]) -> set[tuple[str, str]]:
        """The ways in which files with these contents are shown: with each blob an edit."""
        rows = await self._database.rows(_EDITS, blobs=blobs)
        return {(blob, edit) for blob, *shown in rows for edit in edits_of(*shown)}
