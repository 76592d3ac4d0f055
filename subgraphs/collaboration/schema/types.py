"""Workspaces and documents, and what this domain adds to people."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TypeAlias
from uuid import UUID

import strawberry

from subgraphs.collaboration import models
from subgraphs.collaboration.loaders import Loaders
from subgraphs.collaboration.service import Services
from subgraphs.kit.domain.context import Context
from subgraphs.kit.graph.relay import Connection, Node, Page, PageRequest, id_of, to_global

__all__ = ["Document", "DocumentVisibility", "Info", "User", "Workspace", "WorkspaceRole"]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]


@strawberry.enum
class WorkspaceRole(Enum):
    OWNER = "OWNER"
    EDITOR = "EDITOR"
    VIEWER = "VIEWER"


@strawberry.enum
class DocumentVisibility(Enum):
    WORKSPACE = "WORKSPACE"
    PUBLIC = "PUBLIC"


@strawberry.federation.type(keys=["id"])
class User(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> User:  # noqa: A002
        return cls(id=id)

    @strawberry.field(description="Documents that this person began and everyone may read; newest first.")
    async def public_documents(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Document]:
        author = id_of("User", self.id)
        request = info.context.page(f"public-documents:{self.id}", first=first, after=after)
        rows = await info.context.loaders.public_pages.load((author, request)) if author else []
        return await document_connection(info, request, Page.cut(request, rows))


async def person(user: UUID, info: Info) -> User | None:
    """A reference that the owner would refuse across a block is not given at all."""
    relation = await info.context.loaders.relations.load(user)
    return None if relation.severed else User(id=to_global("User", user))


@strawberry.type
class WorkspaceMember:
    user: User | None
    role: WorkspaceRole


@strawberry.federation.type(keys=["id"], description="Seen by its members alone.")
class Workspace(Node):
    raw: strawberry.Private[UUID]
    slug: str
    name: str
    description: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: models.Workspace) -> Workspace:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("Workspace", row.id),
            raw=row.id,
            slug=row.slug,
            name=row.name,
            description=row.description,
            created_at=row.created_at,
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> Workspace | None:
        row = await info.context.loaders.visible_workspace(raw)
        return cls.of(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Workspace | None:  # noqa: A002
        return await cls.load(id_of("Workspace", id), info)

    @strawberry.field
    async def members(self, info: Info) -> list[WorkspaceMember]:
        return [
            WorkspaceMember(user=await person(m.user_id, info), role=WorkspaceRole(m.role))
            for m in await info.context.loaders.members.load(self.raw)
        ]

    @strawberry.field
    async def viewer_role(self, info: Info) -> WorkspaceRole | None:
        role = await info.context.loaders.role(self.raw)
        return WorkspaceRole(role) if role else None

    @strawberry.field(description="Newest first.")
    async def documents(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Document]:
        request = info.context.page(f"documents:{self.raw.hex}", first=first, after=after)
        rows = await info.context.loaders.workspace_pages.load((self.raw, request))
        return await document_connection(info, request, Page.cut(request, rows))


@strawberry.federation.type(keys=["id"])
class Document(Node):
    row: strawberry.Private[models.Document]
    title: str
    content: str
    version: int = strawberry.field(description="Counts its texts; `updateDocument` wants the one you read.")
    visibility: DocumentVisibility
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: models.Document) -> Document:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("Document", row.id),
            row=row,
            title=row.title,
            content=row.content,
            version=row.revision,
            visibility=DocumentVisibility(row.visibility),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> Document | None:
        row = await info.context.loaders.visible_document(raw)
        return cls.of(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Document | None:  # noqa: A002
        return await cls.load(id_of("Document", id), info)

    @strawberry.field
    async def updated_by(self, info: Info) -> User | None:
        return await person(self.row.updated_by, info)

    @strawberry.field(description="Null for readers of a public document who are not in its workspace.")
    async def workspace(self, info: Info) -> Workspace | None:
        return await Workspace.load(self.row.workspace_id, info)


async def document_connection(
    info: Info, request: PageRequest, page: Page[models.Document]
) -> Connection[Document]:
    """The page without what the viewer may not see."""
    visible = await info.context.loaders.visible_among(page.rows)
    return page.connection(
        request, lambda row: (row.id.hex,), lambda row: Document.of(row) if row.id in visible else None
    )
