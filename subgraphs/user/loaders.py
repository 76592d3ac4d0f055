"""What one request loads of accounts, in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.cache import RowCache
from subgraphs.kit.identity import Viewer
from subgraphs.kit.loaders import BatchLoader, RowLoader
from subgraphs.kit.relations import Relation
from subgraphs.kit.resources import Resources
from subgraphs.user.models import Report, User
from subgraphs.user.policies import may_see
from subgraphs.user.repository import UserRepository

__all__ = ["Loaders"]


class Loaders:
    """One request's loaders."""

    def __init__(
        self, resources: Resources, viewer: Viewer, repository: UserRepository, users: RowCache[User]
    ) -> None:
        service, metrics = resources.service, resources.metrics
        self.relations: BatchLoader[UUID, Relation] = resources.relation_loader(viewer)
        self._users = RowLoader(service, users, metrics)
        self.ids_by_handle: BatchLoader[str, UUID | None] = BatchLoader(
            service, "handle", repository.ids_by_handle, None, metrics
        )
        self.counts: BatchLoader[UUID, tuple[int, int]] = BatchLoader(
            service, "counts", repository.counts, (0, 0), metrics
        )

        async def reports(subjects: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], Report]:
            if viewer.id is None:
                return {}
            found = await repository.reports(viewer.id, subjects)
            return {(r.subject_type, r.subject_id): r for r in found}

        self.reports: BatchLoader[tuple[str, UUID], Report | None] = BatchLoader(
            service, "report", reports, None, metrics
        )

    async def visible(self, user: UUID) -> User | None:
        """The account, where the viewer may see it."""
        row = await self._users.load(user)
        return row if row and may_see(row, await self.relations.load(user)) else None

    async def visible_many(self, users: Sequence[UUID]) -> list[User | None]:
        """As ``visible``, for several at once."""
        rows, relations = await asyncio.gather(self._users.load_many(users), self.relations.load_many(users))
        return [r if r and may_see(r, rel) else None for r, rel in zip(rows, relations, strict=True)]

    async def may_address(self, user: UUID) -> bool:
        """Whether the viewer may name this account in a change: it is there and does not block the viewer."""
        row, relation = await asyncio.gather(self._users.load(user), self.relations.load(user))
        return row is not None and not relation.blocked_by

    async def visible_by_handle(self, handle: str) -> User | None:
        """As ``visible``, by handle in any case."""
        user = await self.ids_by_handle.load(handle.strip().lower())
        return await self.visible(user) if user else None
