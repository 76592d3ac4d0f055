"""What people do with pictures that are there."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.media.library.service import Changed, Changes
from subgraphs.media.schema.inputs import raw_media, raw_medias
from subgraphs.media.schema.types import Info, MediaFile
from subgraphs.media.schema.values import MediaVisibility, PurgeState

__all__ = ["LibraryMutation", "MediaPayload", "purge_state"]


@strawberry.input(description="What is left out stays as it is.")
class UpdateMediaInput:
    id: strawberry.ID
    alt_text: str | None = None
    visibility: MediaVisibility | None = None


@strawberry.input(description="What is left out stays as it is; an empty text is taken away.")
class UpdateAssetInput:
    id: strawberry.ID
    alt_text: str | None = None
    caption: str | None = None
    taken_at: datetime | None = None
    visibility: MediaVisibility | None = None


@strawberry.input
class SetAltTextInput:
    id: strawberry.ID
    alt_text: str


@strawberry.input
class DeleteMediaInput:
    id: strawberry.ID


@strawberry.input(description="At most 100; all of them or none.")
class AssetsInput:
    ids: list[strawberry.ID]


@strawberry.input
class FavoriteInput:
    id: strawberry.ID


@strawberry.input(description="At most 100 pictures; all of them or none.")
class TagAssetsInput:
    ids: list[strawberry.ID]
    add: list[str] = strawberry.field(default_factory=list)
    remove: list[str] = strawberry.field(default_factory=list)


@strawberry.type
class MediaPayload(Payload):
    media: MediaFile | None = None
    purge: PurgeState | None = strawberry.field(
        default=None, description="Null where there is nothing for a delivery network to forget."
    )


@strawberry.type
class DeleteMediaPayload(Payload):
    deleted_id: strawberry.ID | None = None
    purge: PurgeState | None = strawberry.field(default=None, description="As in `MediaPayload`.")


@strawberry.type
class AssetsPayload(Payload):
    assets: list[MediaFile] | None = None
    purge: PurgeState | None = strawberry.field(default=None, description="As in `MediaPayload`.")


@strawberry.type
class PurgeAssetsPayload(Payload):
    purged_ids: list[strawberry.ID] | None = None


@strawberry.type
class LibraryMutation:
    @strawberry.mutation(
        description="Made private, its addresses end at once, and what showed it before does so no longer; "
        "said of a private one, too: where it was put since is withdrawn."
    )
    @user_errors
    async def update_asset(self, info: Info, input: UpdateAssetInput) -> MediaPayload:  # noqa: A002
        changes = Changes(
            alt_text=input.alt_text,
            caption=input.caption,
            taken_at=input.taken_at,
            visibility=input.visibility.name if input.visibility else None,
        )
        return await _updated(info, input.id, changes)

    @strawberry.mutation(description="As `updateAsset`.")
    @user_errors
    async def update_media(self, info: Info, input: UpdateMediaInput) -> MediaPayload:  # noqa: A002
        visibility = input.visibility.name if input.visibility else None
        return await _updated(info, input.id, Changes(alt_text=input.alt_text, visibility=visibility))

    @strawberry.mutation(description="What a screen reader says; an empty text takes it away.")
    @user_errors
    async def set_alt_text(self, info: Info, input: SetAltTextInput) -> MediaPayload:  # noqa: A002
        return await _updated(info, input.id, Changes(alt_text=input.alt_text))

    @strawberry.mutation(description="Gone for good, at once; `trashAssets` can be taken back.")
    @user_errors
    async def delete_media(self, info: Info, input: DeleteMediaInput) -> DeleteMediaPayload:  # noqa: A002
        viewer, media = info.context.viewer.require(), raw_media(input.id, "id")
        changed = await info.context.services.library.delete(viewer, [media])
        info.context.forget()
        return DeleteMediaPayload(deleted_id=input.id, purge=purge_state(changed))

    @strawberry.mutation(description="Out of every list, album and address; to be taken back for a while.")
    @user_errors
    async def trash_assets(self, info: Info, input: AssetsInput) -> AssetsPayload:  # noqa: A002
        viewer, media = info.context.viewer.require(), raw_medias(input.ids, "ids")
        return _assets(info, await info.context.services.library.trash(viewer, media))

    @strawberry.mutation(description="Out of the trash, and back where they were.")
    @user_errors
    async def restore_assets(self, info: Info, input: AssetsInput) -> AssetsPayload:  # noqa: A002
        viewer, media = info.context.viewer.require(), raw_medias(input.ids, "ids")
        return _assets(info, await info.context.services.library.restore(viewer, media))

    @strawberry.mutation(description="Out of the trash, for good.")
    @user_errors
    async def purge_assets(self, info: Info, input: AssetsInput) -> PurgeAssetsPayload:  # noqa: A002
        viewer, media = info.context.viewer.require(), raw_medias(input.ids, "ids")
        await info.context.services.library.delete(viewer, media, trashed_only=True)
        info.context.forget()
        return PurgeAssetsPayload(purged_ids=input.ids)

    @strawberry.mutation(description="Keep a picture that one sees among one's favourites.")
    @user_errors
    async def favorite(self, info: Info, input: FavoriteInput) -> MediaPayload:  # noqa: A002
        return await _liked(info, input.id, liked=True)

    @strawberry.mutation
    @user_errors
    async def unfavorite(self, info: Info, input: FavoriteInput) -> MediaPayload:  # noqa: A002
        return await _liked(info, input.id, liked=False)

    @strawberry.mutation(description="Put words on one's own pictures, and take others off.")
    @user_errors
    async def tag_assets(self, info: Info, input: TagAssetsInput) -> AssetsPayload:  # noqa: A002
        viewer, media = info.context.viewer.require(), raw_medias(input.ids, "ids")
        return _assets(info, await info.context.services.library.tag(viewer, media, input.add, input.remove))


async def _updated(info: Info, global_id: str, changes: Changes) -> MediaPayload:
    viewer, media = info.context.viewer.require(), raw_media(global_id, "id")
    changed = await info.context.services.library.update(viewer, media, changes)
    info.context.forget()
    return MediaPayload(media=MediaFile.of(changed.rows[0], info), purge=purge_state(changed))


async def _liked(info: Info, global_id: str, *, liked: bool) -> MediaPayload:
    info.context.viewer.require()
    media = raw_media(global_id, "id")
    row = await info.context.services.library.like(info.context.loaders, media, liked=liked)
    info.context.forget()
    return MediaPayload(media=MediaFile.of(row, info))


def _assets(info: Info, changed: Changed) -> AssetsPayload:
    info.context.forget()
    return AssetsPayload(assets=[MediaFile.of(row, info) for row in changed.rows], purge=purge_state(changed))


def purge_state(changed: Changed) -> PurgeState | None:
    if changed.purged is None:
        return None
    return PurgeState.ACKNOWLEDGED if changed.purged else PurgeState.PENDING
