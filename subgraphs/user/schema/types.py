"""Accounts as the graph shows them, and what this domain adds to posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from subgraphs.kit.domain.context import Context
from subgraphs.kit.execution import together
from subgraphs.kit.graph.relay import Connection, Node, Page, id_of, to_global
from subgraphs.user import models
from subgraphs.user.loaders import Loaders
from subgraphs.user.policies import may_see_private
from subgraphs.user.schema.stubs import MediaFile
from subgraphs.user.service import Services

__all__ = ["Info", "Post", "Report", "User", "UserRole", "ViewerRelation"]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]


@strawberry.enum
class UserRole(Enum):
    MEMBER = "MEMBER"
    OPERATOR = "OPERATOR"


@strawberry.type(description="How the viewer and this user stand to each other.")
class ViewerRelation:
    is_self: bool
    following: bool
    followed_by: bool
    blocking: bool


async def _follower_counts(users: Sequence[User], info: Info) -> list[int]:
    return [c for c, _ in await info.context.loaders.counts.load_many([user.raw for user in users])]


async def _following_counts(users: Sequence[User], info: Info) -> list[int]:
    return [c for _, c in await info.context.loaders.counts.load_many([user.raw for user in users])]


async def _viewer_relations(users: Sequence[User], info: Info) -> list[ViewerRelation]:
    viewer = info.context.viewer.id
    relations = await info.context.loaders.relations.load_many([user.raw for user in users])
    return [
        ViewerRelation(
            is_self=viewer == user.raw,
            following=relation.following,
            followed_by=relation.followed_by,
            blocking=relation.blocking,
        )
        for user, relation in zip(users, relations, strict=True)
    ]


@strawberry.federation.type(keys=["id"], description="A person with an account.")
class User(Node):
    raw: strawberry.Private[UUID]
    handle: str
    display_name: str
    bio: str | None
    avatar: MediaFile | None
    role: UserRole
    created_at: datetime
    email: str | None = strawberry.field(description="The viewer's own; null for everyone else.")

    @classmethod
    def of(cls, row: models.User, info: Info) -> User:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("User", row.id),
            raw=row.id,
            handle=row.handle,
            display_name=row.display_name,
            bio=row.bio,
            avatar=MediaFile(id=to_global("MediaFile", row.avatar_id)) if row.avatar_id else None,
            role=UserRole[row.role],
            created_at=row.created_at,
            email=row.email if may_see_private(row, info.context.viewer) else None,
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> User | None:
        """The account, or None where there is none that the viewer may see."""
        row = await info.context.loaders.visible(raw) if raw else None
        return cls.of(row, info) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> User | None:  # noqa: A002
        return await cls.load(id_of("User", id), info)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> list[User | None]:
        """As ``resolve_reference``, for a whole list."""
        raws = [id_of("User", i) for i in ids]
        rows = iter(await info.context.loaders.visible_many([raw for raw in raws if raw]))
        return [cls.of(row, info) if raw and (row := next(rows)) else None for raw in raws]

    follower_count: int = strawberry.field(resolver=together(_follower_counts))
    following_count: int = strawberry.field(resolver=together(_following_counts))
    viewer_relation: ViewerRelation = strawberry.field(resolver=together(_viewer_relations))

    @strawberry.field
    async def followers(self, info: Info, first: int = 20, after: str | None = None) -> Connection[User]:
        return await _follows(self.raw, info, first, after, followers=True)

    @strawberry.field
    async def following(self, info: Info, first: int = 20, after: str | None = None) -> Connection[User]:
        return await _follows(self.raw, info, first, after, followers=False)


async def _follows(
    user: UUID, info: Info, first: int, after: str | None, *, followers: bool
) -> Connection[User]:
    name = f"{'followers' if followers else 'following'}:{user.hex}"
    request = info.context.page(name, first=first, after=after)
    page = Page.cut(
        request, await info.context.services.repository.follows(user, request, followers=followers)
    )
    people = await info.context.loaders.visible_many([raw for raw, _ in page.rows])
    nodes = {row.id: User.of(row, info) for row in people if row}
    return page.connection(request, lambda r: (r[1].isoformat(), r[0].hex), lambda r: nodes.get(r[0]))


@strawberry.type(description="A report the viewer has made.")
class Report:
    reason: str
    created_at: datetime


@strawberry.federation.type(keys=["id"])
class Post(Node):
    """Content's; this domain adds whether the viewer has reported it, which tells nothing of the post."""

    @classmethod
    def resolve_reference(cls, id: Annotated[strawberry.ID, strawberry.argument()]) -> Post:  # noqa: A002
        return cls(id=id)

    @strawberry.field
    async def viewer_report(self, info: Info) -> Report | None:
        raw = id_of("Post", self.id)
        row = await info.context.loaders.reports.load(("Post", raw)) if raw else None
        return Report(reason=row.reason, created_at=row.created_at) if row else None
