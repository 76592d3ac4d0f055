"""Albums: made, filled, put in order, and shared."""

from __future__ import annotations

from datetime import UTC, datetime

import strawberry

from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.media.albums.service import AlbumChanges, NewAlbum
from subgraphs.media.models import Album as Row
from subgraphs.media.schema.albums import Album, AlbumMemberRole, AlbumShare, AlbumVisibility, share_of
from subgraphs.media.schema.inputs import raw_album, raw_media, raw_medias, raw_share, raw_user
from subgraphs.media.schema.types import Info

__all__ = ["AlbumMutation"]


@strawberry.input
class CreateAlbumInput:
    title: str
    description: str | None = None
    visibility: AlbumVisibility = AlbumVisibility.PRIVATE
    idempotency_key: str | None = None


@strawberry.input(description="What is left out stays as it is.")
class UpdateAlbumInput:
    id: strawberry.ID
    title: str | None = None
    description: str | None = None
    visibility: AlbumVisibility | None = None
    cover_id: strawberry.ID | None = None


@strawberry.input
class DeleteAlbumInput:
    id: strawberry.ID


@strawberry.input(description="At most 100 pictures; all of them or none.")
class AlbumAssetsInput:
    album_id: strawberry.ID
    asset_ids: list[strawberry.ID]


@strawberry.input(description="At most 100 pictures.")
class ReorderAlbumInput:
    album_id: strawberry.ID
    asset_ids: list[strawberry.ID] = strawberry.field(description="In the order they are to have.")
    after: strawberry.ID | None = strawberry.field(
        default=None, description="The picture they follow; without it they come first."
    )


@strawberry.input
class SetAlbumMemberInput:
    album_id: strawberry.ID
    user_id: strawberry.ID
    role: AlbumMemberRole | None = strawberry.field(
        default=None, description="Without it they are let go, and the pictures they put in with them."
    )


@strawberry.input
class CreateAlbumShareInput:
    album_id: strawberry.ID
    expires_at: datetime | None = None


@strawberry.input
class RevokeAlbumShareInput:
    id: strawberry.ID


@strawberry.type
class AlbumPayload(Payload):
    album: Album | None = None


@strawberry.type
class DeleteAlbumPayload(Payload):
    deleted_id: strawberry.ID | None = None


@strawberry.type
class CreateAlbumSharePayload(Payload):
    share: AlbumShare | None = None
    token: str | None = strawberry.field(
        default=None, description="For `sharedAlbum`. Told once: it is not kept."
    )


@strawberry.type
class AlbumMutation:
    @strawberry.mutation
    @user_errors
    async def create_album(self, info: Info, input: CreateAlbumInput) -> AlbumPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        new = NewAlbum(input.title, input.description, input.visibility.name)
        return _album(info, await info.context.services.albums.create(viewer, new, input.idempotency_key))

    @strawberry.mutation
    @user_errors
    async def update_album(self, info: Info, input: UpdateAlbumInput) -> AlbumPayload:  # noqa: A002
        info.context.viewer.require()
        changes = AlbumChanges(
            title=input.title,
            description=input.description,
            visibility=input.visibility.name if input.visibility else None,
            cover=raw_media(input.cover_id, "coverId") if input.cover_id else None,
        )
        albums = info.context.services.albums
        return _album(info, await albums.update(info.context.loaders, raw_album(input.id, "id"), changes))

    @strawberry.mutation(description="The album, not its pictures.")
    @user_errors
    async def delete_album(self, info: Info, input: DeleteAlbumInput) -> DeleteAlbumPayload:  # noqa: A002
        info.context.viewer.require()
        await info.context.services.albums.delete(info.context.loaders, raw_album(input.id, "id"))
        info.context.forget()
        return DeleteAlbumPayload(deleted_id=input.id)

    @strawberry.mutation(
        description="One's own pictures, which the album then shows to whoever sees it; and others that one may "
        "see, which stay as visible as they are."
    )
    @user_errors
    async def add_to_album(self, info: Info, input: AlbumAssetsInput) -> AlbumPayload:  # noqa: A002
        info.context.viewer.require()
        album, media = raw_album(input.album_id), raw_medias(input.asset_ids, "assetIds")
        return _album(info, await info.context.services.albums.add(info.context.loaders, album, media))

    @strawberry.mutation(description="Its owner takes out any, a contributor those they put in.")
    @user_errors
    async def remove_from_album(self, info: Info, input: AlbumAssetsInput) -> AlbumPayload:  # noqa: A002
        info.context.viewer.require()
        album, media = raw_album(input.album_id), raw_medias(input.asset_ids, "assetIds")
        return _album(info, await info.context.services.albums.remove(info.context.loaders, album, media))

    @strawberry.mutation
    @user_errors
    async def reorder_album(self, info: Info, input: ReorderAlbumInput) -> AlbumPayload:  # noqa: A002
        info.context.viewer.require()
        album, media = raw_album(input.album_id), raw_medias(input.asset_ids, "assetIds")
        after = raw_media(input.after, "after") if input.after else None
        albums = info.context.services.albums
        return _album(info, await albums.reorder(info.context.loaders, album, media, after))

    @strawberry.mutation(description="Let someone in, change what they may, or let them go; or go oneself.")
    @user_errors
    async def set_album_member(self, info: Info, input: SetAlbumMemberInput) -> AlbumPayload:  # noqa: A002
        viewer, user = info.context.viewer.require(), raw_user(input.user_id)
        role = input.role.value if input.role else None
        sharing, album = info.context.services.sharing, raw_album(input.album_id)
        row = await sharing.set_member(info.context.loaders, album, user, role)
        return AlbumPayload() if user == viewer else _album(info, row)

    @strawberry.mutation(description="A link that shows the album to whoever holds it.")
    @user_errors
    async def create_album_share(
        self,
        info: Info,
        input: CreateAlbumShareInput,  # noqa: A002
    ) -> CreateAlbumSharePayload:
        info.context.viewer.require()
        expires_at = input.expires_at.astimezone(UTC) if input.expires_at else None
        sharing, album = info.context.services.sharing, raw_album(input.album_id)
        row, token = await sharing.create_share(info.context.loaders, album, expires_at)
        return CreateAlbumSharePayload(share=share_of(row), token=token)

    @strawberry.mutation(description="The link and all addresses that it gave end at once.")
    @user_errors
    async def revoke_album_share(self, info: Info, input: RevokeAlbumShareInput) -> AlbumPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        return _album(info, await info.context.services.sharing.revoke_share(viewer, raw_share(input.id)))


def _album(info: Info, row: Row) -> AlbumPayload:
    info.context.forget()
    return AlbumPayload(album=Album.of(row, info.context.loaders))
