"""Who is in a group and as what: one table's rows, within a transaction that a service began.

The group's own row is locked first, by whoever changes its members: so they change one after the other.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from subgraphs.kit.database.transaction import Transaction

__all__ = ["Membership"]


class Membership:
    """Of a table whose key is ``group`` and ``user_id``, with a ``role``, and since when in ``since``."""

    def __init__(self, model: type[Any], group: str, since: str) -> None:
        self._model = model
        self._group, self._since = group, since

    async def role(self, tx: Transaction, group: UUID, user: UUID) -> str | None:
        """What the user is in the group as."""
        found = (await tx.session.execute(select(self._model.role).where(*self._of(group, user)))).first()
        return str(found[0]) if found else None

    async def put(self, tx: Transaction, group: UUID, user: UUID, role: str) -> None:
        """Let someone in, or change what they are in it as."""
        key = {self._group: group, "user_id": user}
        statement = upsert(self._model).values({**key, "role": role, self._since: tx.now})
        await tx.session.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_={"role": role})
        )

    async def remove(self, tx: Transaction, group: UUID, user: UUID) -> bool:
        """Whether there was such a member."""
        gone = delete(self._model).where(*self._of(group, user)).returning(self._model.user_id)
        return (await tx.session.execute(gone)).first() is not None

    async def count(self, tx: Transaction, group: UUID, role: str | None = None) -> int:
        """How many are in it: as this, or at all."""
        statement = select(func.count()).where(getattr(self._model, self._group) == group)
        if role is not None:
            statement = statement.where(self._model.role == role)
        return int((await tx.session.execute(statement)).scalar_one())

    def _of(self, group: UUID, user: UUID) -> tuple[ColumnElement[bool], ...]:
        return getattr(self._model, self._group) == group, self._model.user_id == user
