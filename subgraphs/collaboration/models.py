"""The collaboration domain's tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from subgraphs.kit.database.models import Entity, live_index, shared_tables, timestamp

__all__ = [
    "DOCUMENT",
    "MEMBERS",
    "METADATA",
    "PUBLIC",
    "TABLES",
    "WORKSPACE",
    "WORKSPACE_SLUG",
    "Document",
    "Member",
    "Workspace",
]

WORKSPACE, DOCUMENT = "workspace", "document"
"""The cache's names for the rows."""
WORKSPACE_SLUG, MEMBERS, PUBLIC = "workspace_slug", "members", "public"
"""Its names for the id that a slug has, for who is in a workspace, and for a person's newest public documents."""

_registry = registry()


class _Model(SQLModel, registry=_registry):
    pass


class Workspace(Entity, _Model, table=True):
    """Where some people work together."""

    __tablename__: ClassVar[Any] = "workspaces"
    __table_args__ = (live_index("workspaces_slug", "slug", unique=True),)

    slug: str
    name: str
    description: str | None = None


class Member(_Model, table=True):
    """A person in a workspace, and what they may do there."""

    __tablename__: ClassVar[Any] = "workspace_members"
    __table_args__ = (Index("workspace_members_user", "user_id", "workspace_id"),)

    workspace_id: UUID = Field(foreign_key="workspaces.id", primary_key=True)
    user_id: UUID = Field(primary_key=True)
    role: str
    joined_at: datetime = Field(sa_type=timestamp)


class Document(Entity, _Model, table=True):
    """A text of a workspace. ``revision`` counts its texts: who changes it says which one they read."""

    __tablename__: ClassVar[Any] = "documents"
    __table_args__ = (
        live_index("documents_workspace", "workspace_id", "id DESC"),
        live_index("documents_public", "created_by", "id DESC", where="visibility = 'PUBLIC'"),
    )

    workspace_id: UUID = Field(foreign_key="workspaces.id")
    title: str
    content: str
    visibility: str
    revision: int = 1
    created_by: UUID
    updated_by: UUID


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
