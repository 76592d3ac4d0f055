"""What one request loads of workspaces and documents, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.collaboration.models import (
    DOCUMENT,
    MEMBERS,
    PUBLIC,
    WORKSPACE,
    WORKSPACE_SLUG,
    Document,
    Member,
    Workspace,
)
from subgraphs.collaboration.policies import may_see_document, may_see_workspace, role_of
from subgraphs.collaboration.repository import CollaborationRepository
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.database.reads import row_type
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.loading.heads import Heads
from subgraphs.kit.loading.loaders import BatchLoader, RowLoader

__all__ = ["Loaders", "Sources"]

_Page = BatchLoader[tuple[UUID, PageRequest], list[Document]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What loaders read from, made once a process."""

    resources: Resources
    repository: CollaborationRepository
    workspaces: RowCache[Workspace]
    documents: RowCache[Document]
    members: Lookup[UUID, list[Member]]
    by_slug: Lookup[str, UUID]
    public: Lookup[UUID, list[Document]]

    @classmethod
    def of(cls, resources: Resources, repository: CollaborationRepository) -> Sources:
        return cls(
            resources,
            repository,
            workspaces=resources.rows(WORKSPACE, Workspace, repository.workspaces),
            documents=resources.rows(DOCUMENT, Document, repository.documents),
            members=resources.lookup(MEMBERS, list[row_type(Member)], repository.members),  # type: ignore[misc]
            by_slug=resources.lookup(WORKSPACE_SLUG, UUID, repository.by_slug),
            public=resources.lookup(PUBLIC, list[row_type(Document)], repository.newest_public),  # type: ignore[misc]
        )


class Loaders:
    """One request's loaders."""

    def __init__(self, sources: Sources, viewer: Viewer) -> None:
        resources, repository = sources.resources, sources.repository
        service, metrics = resources.service, resources.metrics
        self._viewer = viewer
        self._workspaces = RowLoader(service, sources.workspaces, metrics)
        self._documents = RowLoader(service, sources.documents, metrics)
        self.relations = resources.relation_loader(viewer)
        self.members: BatchLoader[UUID, list[Member]] = BatchLoader(
            service, MEMBERS, sources.members.load, [], metrics
        )
        self.by_slug: BatchLoader[str, UUID | None] = BatchLoader(
            service, WORKSPACE_SLUG, sources.by_slug.load, None, metrics
        )
        self.workspace_pages: _Page = BatchLoader(
            service, "workspace_page", repository.in_workspaces, [], metrics
        )
        self.public_pages: _Page = BatchLoader(
            service, "public_page", Heads(sources.public, repository.public_by).pages, [], metrics
        )

    async def visible_workspace(self, workspace: UUID | None) -> Workspace | None:
        """The workspace, where the viewer is in it."""
        return (await self.visible_workspaces([workspace]))[0] if workspace else None

    async def visible_workspaces(self, ids: Sequence[UUID]) -> list[Workspace | None]:
        """As ``visible_workspace``, for several at once."""
        if self._viewer.id is None:
            return [None] * len(ids)
        self.members.expect(ids)
        rows, members = await self._workspaces.load_many(ids), await self.members.load_many(ids)
        return [
            row if may_see_workspace(row, within, self._viewer) else None
            for row, within in zip(rows, members, strict=True)
        ]

    async def role(self, workspace: UUID) -> str | None:
        """The viewer's role there."""
        return role_of(await self.members.load(workspace), self._viewer)

    async def visible_document(self, document: UUID | None) -> Document | None:
        """The document, where the viewer may see it."""
        row = await self._documents.load(document) if document else None
        return row if row and row.id in await self.visible_among([row]) else None

    async def visible_among(self, rows: Sequence[Document]) -> set[UUID]:
        """Which of these rows the viewer may see."""
        workspaces, people = [row.workspace_id for row in rows], [row.created_by for row in rows]
        self.relations.expect(people)
        members, authors = await self.members.load_many(workspaces), await self.relations.load_many(people)
        return {
            row.id
            for row, within, author in zip(rows, members, authors, strict=True)
            if may_see_document(row, within, self._viewer, author)
        }
