"""How a picture is shown: turned, and cropped around a point."""

from __future__ import annotations

import strawberry

from subgraphs.kit.graph.payloads import user_errors
from subgraphs.media.schema.inputs import raw_media
from subgraphs.media.schema.library_mutations import MediaPayload, purge_state
from subgraphs.media.schema.types import Info, MediaFile
from subgraphs.media.schema.values import KEEP_COPYRIGHT

__all__ = ["EditMutation"]


@strawberry.input
class RotateAssetInput:
    id: strawberry.ID
    degrees: int = strawberry.field(
        description="Clockwise from how the upload has it: 0, 90, 180 or 270, whatever `rotation` is now."
    )


@strawberry.input(description="From 0 to 1, of the picture as it is shown.")
class PointInput:
    x: float = strawberry.field(description="Rightwards.")
    y: float = strawberry.field(description="Downwards.")


@strawberry.input
class SetFocalPointInput:
    id: strawberry.ID
    point: PointInput | None = strawberry.field(
        default=None, description="Without it crops show where there is most to see."
    )


@strawberry.input
class SetKeepCopyrightInput:
    id: strawberry.ID
    keep: bool = strawberry.field(description=KEEP_COPYRIGHT)


@strawberry.type
class EditMutation:
    @strawberry.mutation(
        description="All sizes are made anew from the upload, with other addresses, when this answers."
    )
    @user_errors
    async def rotate_asset(self, info: Info, input: RotateAssetInput) -> MediaPayload:  # noqa: A002
        info.context.viewer.require()
        reader, media = info.context.loaders.reader, raw_media(input.id, "id")
        row = await info.context.services.editing.rotate(reader, media, input.degrees)
        info.context.forget()
        return MediaPayload(media=MediaFile.of(row, info))

    @strawberry.mutation(description="What crops keep in sight.")
    @user_errors
    async def set_focal_point(self, info: Info, input: SetFocalPointInput) -> MediaPayload:  # noqa: A002
        info.context.viewer.require()
        reader, media = info.context.loaders.reader, raw_media(input.id, "id")
        point = (input.point.x, input.point.y) if input.point else None
        row = await info.context.services.editing.focus(reader, media, point)
        info.context.forget()
        return MediaPayload(media=MediaFile.of(row, info))

    @strawberry.mutation(
        description="Whether a picture names whose it is. All sizes are made anew, with other addresses, when this answers."
    )
    @user_errors
    async def set_keep_copyright(self, info: Info, input: SetKeepCopyrightInput) -> MediaPayload:  # noqa: A002
        info.context.viewer.require()
        reader, media = info.context.loaders.reader, raw_media(input.id, "id")
        changed = await info.context.services.editing.keep_copyright(reader, media, keep=input.keep)
        info.context.forget()
        return MediaPayload(media=MediaFile.of(changed.rows[0], info), purge=purge_state(changed))
