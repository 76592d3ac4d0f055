"""The media domain's mutations."""

from __future__ import annotations

from typing import cast
from uuid import UUID

import strawberry
from strawberry.file_uploads import Upload as UploadScalar

from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.kit.payloads import Payload, user_errors
from subgraphs.kit.relay import id_of
from subgraphs.media.schema.types import Info, MediaFile, MediaVisibility
from subgraphs.media.service import Upload
from subgraphs.media.staging import Readable

__all__ = ["Mutation"]


@strawberry.input
class UploadMediaInput:
    file: UploadScalar
    visibility: MediaVisibility = MediaVisibility.PUBLIC
    alt_text: str | None = None


@strawberry.input(description="What is left out stays as it is.")
class UpdateMediaInput:
    id: strawberry.ID
    alt_text: str | None = None
    visibility: MediaVisibility | None = None


@strawberry.input
class DeleteMediaInput:
    id: strawberry.ID


@strawberry.type
class MediaPayload(Payload):
    media: MediaFile | None = None


@strawberry.type
class DeleteMediaPayload(Payload):
    deleted_id: strawberry.ID | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Stored, with all its sizes, when this answers; or not at all.")
    @user_errors
    async def upload_media(self, info: Info, input: UploadMediaInput) -> MediaPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        if not hasattr(input.file, "read"):
            raise Rejected(ErrorCode.INVALID_INPUT, "The file is sent by a multipart request.", "file")
        upload = Upload(cast("Readable", input.file), input.visibility.value, input.alt_text)
        row = await info.context.services.media.upload(viewer, upload)
        return MediaPayload(media=MediaFile.of(row, info))

    @strawberry.mutation(description="Made private, its addresses end at once.")
    @user_errors
    async def update_media(self, info: Info, input: UpdateMediaInput) -> MediaPayload:  # noqa: A002
        info.context.viewer.require()
        visibility = input.visibility.value if input.visibility else None
        row = await info.context.services.media.update(
            info.context.viewer, _raw(input.id), input.alt_text, visibility
        )
        info.context.forget()
        return MediaPayload(media=MediaFile.of(row, info))

    @strawberry.mutation
    @user_errors
    async def delete_media(self, info: Info, input: DeleteMediaInput) -> DeleteMediaPayload:  # noqa: A002
        info.context.viewer.require()
        await info.context.services.media.delete(info.context.viewer, _raw(input.id))
        info.context.forget()
        return DeleteMediaPayload(deleted_id=input.id)


def _raw(global_id: str) -> UUID:
    raw = id_of("MediaFile", global_id)
    if raw is None:
        raise Rejected.not_found("picture", "id")
    return raw
