"""The media domain's mutations: taking pictures in, and what `library_` and `album_mutations` have."""

from __future__ import annotations

from typing import cast

import strawberry
from strawberry.file_uploads import Upload as UploadScalar

from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.media.schema.album_mutations import AlbumMutation
from subgraphs.media.schema.edit_mutations import EditMutation
from subgraphs.media.schema.library_mutations import LibraryMutation
from subgraphs.media.schema.types import Info, MediaFile
from subgraphs.media.schema.uploads import UploadMutation
from subgraphs.media.schema.values import KEEP_COPYRIGHT, MediaVisibility
from subgraphs.media.service import Upload
from subgraphs.media.storage.staging import Readable

__all__ = ["Mutation"]


@strawberry.input
class UploadMediaInput:
    file: UploadScalar
    visibility: MediaVisibility = MediaVisibility.PUBLIC
    alt_text: str | None = None
    keep_copyright: bool = strawberry.field(default=False, description=KEEP_COPYRIGHT)


@strawberry.type
class UploadMediaPayload(Payload):
    media: MediaFile | None = None


@strawberry.type
class Mutation(LibraryMutation, EditMutation, AlbumMutation, UploadMutation):
    @strawberry.mutation(description="Stored, with all its sizes, when this answers; or not at all.")
    @user_errors
    async def upload_media(self, info: Info, input: UploadMediaInput) -> UploadMediaPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        if not hasattr(input.file, "read"):
            raise Rejected(ErrorCode.INVALID_INPUT, "The file is sent by a multipart request.", "file")
        file = cast("Readable", input.file)
        upload = Upload(file, input.visibility.name, input.alt_text, input.keep_copyright)
        async with info.context.services.admission.slot(viewer):
            row = await info.context.services.media.upload(viewer, upload)
        return UploadMediaPayload(media=MediaFile.of(row, info))
