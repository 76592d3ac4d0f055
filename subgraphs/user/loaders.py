"""What one request loads of accounts, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.loading.loaders import BatchLoader, RowLoader
from subgraphs.user.models import COUNTS, HANDLE, USER, Report, User
from subgraphs.user.policies import may_see
from subgraphs.user.repository import UserRepository

__all__ = ["Loaders", "Sources"]


@dataclass(frozen=True, slots=True)
class Sources:
    """What loaders read from, made once a process."""

    resources: Resources
    repository: UserRepository
    users: RowCache[User]
    handles: Lookup[str, UUID]
    counts: Lookup[UUID, tuple[int, int]]

    @classmethod
    def of(cls, resources: Resources, repository: UserRepository) -> Sources:
        return cls(
            resources,
            repository,
            users=resources.rows(USER, User, repository.by_ids),
            handles=resources.lookup(HANDLE, UUID, repository.ids_by_handle),
            counts=resources.lookup(COUNTS, tuple[int, int], repository.counts),
        )


class Loaders:
    """One request's loaders."""

    def __init__(self, sources: Sources, viewer: Viewer) -> None:
        resources = sources.resources
        service, metrics = resources.service, resources.metrics
        self.relations: BatchLoader[UUID, Relation] = resources.relation_loader(viewer)
        self._users = RowLoader(service, sources.users, metrics)
        self.ids_by_handle: BatchLoader[str, UUID | None] = BatchLoader(
            service, HANDLE, sources.handles.load, None, metrics
        )
        self.counts: BatchLoader[UUID, tuple[int, int]] = BatchLoader(
            service, COUNTS, sources.counts.load, (0, 0), metrics
        )

        async def reports(subjects: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], Report]:
            if viewer.id is None:
                return {}
            found = await sources.repository.reports(viewer.id, subjects)
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
        self.relations.expect(users)
        rows, relations = await self._users.load_many(users), await self.relations.load_many(users)
        return [r if r and may_see(r, rel) else None for r, rel in zip(rows, relations, strict=True)]

    async def may_address(self, user: UUID) -> bool:
        """Whether the viewer may name this account in a change: it is there and does not block the viewer."""
        self.relations.expect([user])
        row, relation = await self._users.load(user), await self.relations.load(user)
        return row is not None and not relation.blocked_by

    async def visible_by_handle(self, handle: str) -> User | None:
        """As ``visible``, by handle in any case."""
        user = await self.ids_by_handle.load(handle.strip().lower())
        return await self.visible(user) if user else None
