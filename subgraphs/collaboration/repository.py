"""The collaboration domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from subgraphs.collaboration.models import MEMBERS, Document, Member, Workspace
from subgraphs.kit.authorization.membership import Membership
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.heads import HEAD
from subgraphs.kit.loading.paging import Listing, ListingByParent

__all__ = ["CollaborationRepository"]

Pages = dict[tuple[UUID, PageRequest], list[Document]]

_live = col(Document.deleted_at).is_(None)

_WORKSPACES = Read(
    select(Workspace).where(one_of(col(Workspace.id), "ids"), col(Workspace.deleted_at).is_(None))
)
_DOCUMENTS = Read(select(Document).where(one_of(col(Document.id), "ids"), _live))
_BY_SLUG = Read(
    select_columns(col(Workspace.slug), col(Workspace.id)).where(
        one_of(col(Workspace.slug), "slugs"), col(Workspace.deleted_at).is_(None)
    )
)
_MEMBERS = Read(
    select(Member)
    .where(one_of(col(Member.workspace_id), "ids"))
    .order_by(col(Member.joined_at), col(Member.user_id))
)
_JOINED: Listing[Any] = Listing(
    select_columns(col(Member.workspace_id)).where(col(Member.user_id) == given("viewer", Uuid)),
    [col(Member.workspace_id)],
)
_IN_WORKSPACES = ListingByParent(Document, col(Document.workspace_id), [col(Document.id)], _live)
_PUBLIC_BY = ListingByParent(
    Document, col(Document.created_by), [col(Document.id)], col(Document.visibility) == "PUBLIC", _live
)

_MEMBERSHIP = Membership(Member, "workspace_id", "joined_at")


class CollaborationRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def workspaces(self, ids: Sequence[UUID]) -> Sequence[Workspace]:
        return await self._database.rows(_WORKSPACES, ids=ids)

    async def documents(self, ids: Sequence[UUID]) -> Sequence[Document]:
        return await self._database.rows(_DOCUMENTS, ids=ids)

    async def by_slug(self, slugs: Sequence[str]) -> dict[str, UUID]:
        return dict(await self._database.rows(_BY_SLUG, slugs=slugs))

    async def members(self, ids: Sequence[UUID]) -> dict[UUID, list[Member]]:
        """The members of each workspace, those of longest standing first."""
        found: dict[UUID, list[Member]] = {}
        for member in await self._database.rows(_MEMBERS, ids=ids):
            found.setdefault(member.workspace_id, []).append(member)
        return found

    async def joined(self, viewer: UUID, request: PageRequest) -> Sequence[UUID]:
        """The viewer's workspaces, newest first, one more than asked for."""
        return [row[0] for row in await _JOINED.page(self._database, request, viewer=viewer)]

    async def in_workspaces(self, requests: Sequence[tuple[UUID, PageRequest]]) -> Pages:
        """A page of each workspace's documents."""
        return await _IN_WORKSPACES.pages(self._database, requests)

    async def newest_public(self, people: Sequence[UUID]) -> dict[UUID, list[Document]]:
        """The newest of each person's public documents."""
        return await _PUBLIC_BY.heads(self._database, people, HEAD)

    async def public_by(self, requests: Sequence[tuple[UUID, PageRequest]]) -> Pages:
        """A page of each person's public documents."""
        return await _PUBLIC_BY.pages(self._database, requests)

    async def workspace_for_update(self, tx: Transaction, workspace: UUID) -> Workspace | None:
        return await tx.lock(Workspace, workspace)

    async def document_for_update(self, tx: Transaction, document: UUID) -> Document | None:
        return await tx.lock(Document, document)

    async def role(self, tx: Transaction, workspace: UUID, user: UUID) -> str | None:
        return await _MEMBERSHIP.role(tx, workspace, user)

    async def set_role(self, tx: Transaction, workspace: UUID, user: UUID, role: str) -> None:
        tx.forget(MEMBERS, workspace)
        await _MEMBERSHIP.put(tx, workspace, user, role)

    async def remove(self, tx: Transaction, workspace: UUID, user: UUID) -> bool:
        tx.forget(MEMBERS, workspace)
        return await _MEMBERSHIP.remove(tx, workspace, user)

    async def owners(self, tx: Transaction, workspace: UUID) -> int:
        return await _MEMBERSHIP.count(tx, workspace, "OWNER")
