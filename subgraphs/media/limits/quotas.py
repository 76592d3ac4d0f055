"""What each person may store: counted in the transaction that stores it, so that no two uploads share a last byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.kit.settings import Storage
from subgraphs.media.models import StorageQuota

__all__ = ["Quotas", "Usage"]

_COLUMNS = tuple(
    col(c) for c in (StorageQuota.bytes, StorageQuota.files, StorageQuota.max_bytes, StorageQuota.max_files)
)
_USAGE = Read(select(*_COLUMNS).where(col(StorageQuota.owner_id) == given("owner", Uuid)))


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one person: what is stored, and how much may be."""

    bytes: int
    files: int
    max_bytes: int
    max_files: int

    def check(self, *, bytes: int = 0, files: int = 0) -> None:  # noqa: A002
        """Raise Rejected(QUOTA_EXCEEDED) where so much more is too much."""
        if self.bytes + bytes > self.max_bytes:
            raise _exceeded(f"You may store {self.max_bytes >> 20} MiB, and this is more than is left.")
        if self.files + files > self.max_files:
            raise _exceeded(f"You may store {self.max_files} files, and this is one more.")


class Quotas:
    """Limits are the settings', or a person's own where the row has them."""

    def __init__(self, database: Database, settings: Storage) -> None:
        self._database = database
        self._settings = settings

    async def usage(self, owner: UUID) -> Usage:
        """As it is now."""
        return self._usage(await self._database.row(_USAGE, owner=owner) or (0, 0, None, None))

    async def charge(self, tx: Transaction, owner: UUID, size: int, files: int = 1) -> Usage:
        """Count what is stored, and lock the person's row. Raises Rejected(QUOTA_EXCEEDED)."""
        row = upsert(StorageQuota).values(owner_id=owner, bytes=size, files=files)
        more = {"bytes": col(StorageQuota.bytes) + size, "files": col(StorageQuota.files) + files}
        statement = row.on_conflict_do_update(index_elements=["owner_id"], set_=more).returning(*_COLUMNS)
        usage = self._usage((await tx.session.execute(statement)).one())
        usage.check()
        return usage

    async def refund(self, tx: Transaction, owner: UUID, size: int) -> None:
        """A file less, and so many bytes."""
        less = {"bytes": col(StorageQuota.bytes) - size, "files": col(StorageQuota.files) - 1}
        await tx.session.execute(
            update(StorageQuota).where(col(StorageQuota.owner_id) == owner).values(**less)
        )

    def _usage(self, row: Any) -> Usage:
        stored, files, most_bytes, most_files = row
        given = self._settings
        return Usage(
            stored,
            files,
            given.quota_bytes if most_bytes is None else most_bytes,
            given.quota_files if most_files is None else most_files,
        )


def _exceeded(message: str) -> Rejected:
    return Rejected(ErrorCode.QUOTA_EXCEEDED, message, "file")
