"""Albums as the graph shows them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from subgraphs.kit.graph.relay import Connection, Node, Page, PageRequest, id_of, to_global
from subgraphs.media import models
from subgraphs.media.loaders import Loaders
from subgraphs.media.policies import CONTRIBUTOR, may_administer
from subgraphs.media.schema.types import Info, MediaFile, User, people

__all__ = ["Album", "AlbumMemberRole", "AlbumVisibility", "album_connection", "share_of"]


@strawberry.enum
class AlbumVisibility(Enum):
    PRIVATE = strawberry.enum_value("PRIVATE", description="Its owner, its members and who holds a link.")
    FOLLOWERS = strawberry.enum_value("FOLLOWERS", description="Its owner's followers, too.")
    PUBLIC = strawberry.enum_value("PUBLIC", description="Everyone, but across a block.")


@strawberry.enum
class AlbumRole(Enum):
    OWNER = "OWNER"
    CONTRIBUTOR = strawberry.enum_value("CONTRIBUTOR", description="Puts in pictures of their own.")
    VIEWER = "VIEWER"


@strawberry.enum(description="What someone is let in as.")
class AlbumMemberRole(Enum):
    CONTRIBUTOR = "CONTRIBUTOR"
    VIEWER = "VIEWER"


@strawberry.type
class AlbumMember:
    user: User | None
    role: AlbumMemberRole
    added_at: datetime


@strawberry.type(description="A link that shows the album to whoever holds it.")
class AlbumShare:
    id: strawberry.ID
    created_at: datetime
    expires_at: datetime | None


@strawberry.federation.type(keys=["id"], description="Pictures in an order.")
class Album(Node):
    row: strawberry.Private[models.Album]
    loaders: strawberry.Private[Loaders]
    title: str
    description: str | None
    visibility: AlbumVisibility
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: models.Album, loaders: Loaders) -> Album:
        """From a row that the policy has let through for the reader whose loaders these are."""
        return cls(
            id=to_global("Album", row.id),
            row=row,
            loaders=loaders,
            title=row.title,
            description=row.description,
            visibility=AlbumVisibility(row.visibility),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Album | None:  # noqa: A002
        loaders = info.context.loaders
        row = await loaders.visible_album(id_of("Album", id))
        return cls.of(row, loaders) if row else None

    @strawberry.field
    def owner(self) -> User | None:
        return User(id=to_global("User", self.row.owner_id))

    @strawberry.field(description="The picture its owner chose, or its first.")
    async def cover(self, info: Info) -> MediaFile | None:
        chosen = await self.loaders.visible(self.row.cover_id)
        if chosen is None or chosen.trashed_at is not None:
            chosen = await self.loaders.visible(await self.loaders.covers.load(self.row.id))
        return MediaFile.of(chosen, info, self.loaders) if chosen else None

    @strawberry.field(description="In the album's order.")
    async def assets(self, info: Info, first: int = 20, after: str | None = None) -> Connection[MediaFile]:
        request = info.context.page(f"album:{self.row.id.hex}", first=first, after=after)
        page = Page.cut(request, await self.loaders.item_pages.load((self.row.id, request)))
        rows = await self.loaders.visible_many([item.media_id for item in page.rows])
        nodes = {row.id: MediaFile.of(row, info, self.loaders) for row in rows if row and not row.trashed_at}
        return page.connection(
            request, lambda item: (item.position, item.media_id.hex), lambda item: nodes.get(item.media_id)
        )

    @strawberry.field(description="Of those that the viewer may see.")
    async def asset_count(self) -> int:
        return await self.loaders.counts.load(self.row.id)

    @strawberry.field(description="What the viewer is here; null for those it is merely shown to.")
    async def viewer_role(self) -> AlbumRole | None:
        role = await self.loaders.role(self.row)
        return AlbumRole(role) if role else None

    @strawberry.field(description="Who puts pictures in beside its owner.")
    async def contributors(self) -> list[User | None]:
        members = await self.loaders.members.load(self.row.id)
        return await people([m.user_id for m in members if m.role == CONTRIBUTOR], self.loaders)

    @strawberry.field(description="Who was let in; null for those who were not.")
    async def members(self) -> list[AlbumMember] | None:
        if await self.loaders.role(self.row) is None:
            return None
        members = await self.loaders.members.load(self.row.id)
        users = await people([m.user_id for m in members], self.loaders)
        return [
            AlbumMember(user=user, role=AlbumMemberRole(m.role), added_at=m.added_at)
            for m, user in zip(members, users, strict=True)
        ]

    @strawberry.field(description="Its links that were not revoked; null for all but its owner.")
    async def shares(self) -> list[AlbumShare] | None:
        if not may_administer(await self.loaders.role(self.row)):
            return None
        return [share_of(row) for row in await self.loaders.shares.load(self.row.id)]


def share_of(row: models.AlbumShare) -> AlbumShare:
    return AlbumShare(
        id=to_global("AlbumShare", row.id), created_at=row.created_at, expires_at=row.expires_at
    )


async def album_connection(info: Info, request: PageRequest, page: Page[models.Album]) -> Connection[Album]:
    """The page without what the viewer may not see."""
    loaders = info.context.loaders
    visible = await loaders.visible_albums_among(page.rows)
    return page.connection(
        request, lambda row: (row.id.hex,), lambda row: Album.of(row, loaders) if row.id in visible else None
    )
