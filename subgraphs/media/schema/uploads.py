"""Uploads in several steps."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.kit.graph.relay import id_of, to_global
from subgraphs.media import models
from subgraphs.media.events import upload_topic
from subgraphs.media.schema.types import Info, MediaFile
from subgraphs.media.schema.values import KEEP_COPYRIGHT, MediaVisibility
from subgraphs.media.uploads.errors import UploadEnded
from subgraphs.media.uploads.service import Begin
from subgraphs.media.validation import checked_alt_text

__all__ = ["UploadMutation", "UploadQuery", "UploadSubscription"]

_TYPE = re.compile(r"(?:image|video)/[a-z0-9.+-]{1,40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@strawberry.enum(description="How the bytes will come.")
class UploadMethod(Enum):
    PUT = strawberry.enum_value("PUT", description="As the body of one request.")
    POST = strawberry.enum_value("POST", description="As `file` in a form.")
    TUS = strawberry.enum_value("TUS", description="In as many requests as it takes: https://tus.io, 1.0.")


@strawberry.enum
class UploadStatus(Enum):
    PENDING = strawberry.enum_value("PENDING", description="Waits for bytes.")
    RECEIVED = strawberry.enum_value(
        "RECEIVED", description="All bytes are stored; the picture is being made."
    )
    DONE = strawberry.enum_value("DONE", description="A picture.")
    FAILED = strawberry.enum_value("FAILED", description="Was not taken: `error` says why.")
    ABORTED = strawberry.enum_value("ABORTED", description="Ended by its owner.")
    EXPIRED = strawberry.enum_value("EXPIRED", description="Was not finished in time.")


@strawberry.enum(description="What is being done to a file.")
class UploadStage(Enum):
    SCAN = strawberry.enum_value("scan", description="Malware is looked for.")
    OPEN = strawberry.enum_value("open", description="Its headers are read.")
    DECODE = "decode"
    RESIZE = "resize"
    ENCODE = "encode"
    PLACEHOLDER = strawberry.enum_value("placeholder", description="What shows before it has loaded is made.")
    FULL = strawberry.enum_value("full", description="Its metadata is taken off.")
    STORE = "store"


@strawberry.type(description="An upload in several steps; its owner's alone.")
class UploadSession:
    row: strawberry.Private[models.UploadSession]
    id: strawberry.ID
    method: UploadMethod
    status: UploadStatus
    received_bytes: float = strawberry.field(description="Stored so far.")
    total_bytes: float | None = strawberry.field(description="As announced.")
    expires_at: datetime | None = strawberry.field(description="While it waits for bytes.")
    error: ErrorCode | None
    stage: UploadStage | None = strawberry.field(
        description="While it is RECEIVED, in `uploadProgress`: the stage that began just now."
    )

    @classmethod
    def of(cls, row: models.UploadSession, stage: str | None = None) -> UploadSession:
        """From a row that is the viewer's."""
        return cls(
            row=row,
            id=to_global("UploadSession", row.id),
            method=UploadMethod(row.protocol),
            status=UploadStatus(row.status),
            received_bytes=row.received,
            total_bytes=row.bytes,
            expires_at=row.expires_at if row.status == "PENDING" else None,
            error=ErrorCode(row.error) if row.error else None,
            stage=_STAGES.get(stage) if stage and row.status == "RECEIVED" else None,
        )

    @strawberry.field(description="What it became.")
    async def media(self, info: Info) -> MediaFile | None:
        row = await info.context.loaders.visible(self.row.media_id)
        return MediaFile.of(row, info) if row else None


@strawberry.type
class UploadField:
    name: str
    value: str


@strawberry.type(description="Where to send the bytes, and what to send with them.")
class UploadTarget:
    method: UploadMethod
    url: str
    headers: list[UploadField] = strawberry.field(description="Of the request.")
    fields: list[UploadField] = strawberry.field(description="Of the form, before `file`.")


@strawberry.input
class BeginUploadInput:
    bytes: int = strawberry.field(description="Of the whole file: exactly so many are taken.")
    content_type: str = strawberry.field(description="`image/…` or `video/…`, as the file turns out to be.")
    sha256: str | None = strawberry.field(
        default=None, description="In hexadecimal; checked before it is taken."
    )
    method: UploadMethod = UploadMethod.PUT
    visibility: MediaVisibility = MediaVisibility.PUBLIC
    alt_text: str | None = None
    keep_copyright: bool = strawberry.field(default=False, description=KEEP_COPYRIGHT)


@strawberry.input
class UploadInput:
    id: strawberry.ID


@strawberry.type
class BeginUploadPayload(Payload):
    upload: UploadSession | None = None
    target: UploadTarget | None = None


@strawberry.type
class UploadPayload(Payload):
    upload: UploadSession | None = None
    media: MediaFile | None = None


@strawberry.type
class UploadMutation:
    @strawberry.mutation(description="Announce a file; then send it to `target`, then `completeUpload`.")
    @user_errors
    async def begin_upload(self, info: Info, input: BeginUploadInput) -> BeginUploadPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        services = info.context.services
        session = await services.uploads.begin(viewer, _begin(input))
        target = await services.direct.address(session)
        shown = UploadTarget(
            method=input.method,
            url=target.url,
            headers=[UploadField(name=n, value=v) for n, v in target.headers.items()],
            fields=[UploadField(name=n, value=v) for n, v in target.fields.items()],
        )
        return BeginUploadPayload(upload=UploadSession.of(session), target=shown)

    @strawberry.mutation(
        description="The file is sent: check it against what was announced, and take it in. While that must wait, "
        "`media` is null and the upload RECEIVED: it goes on by itself. May be repeated."
    )
    @user_errors
    async def complete_upload(self, info: Info, input: UploadInput) -> UploadPayload:  # noqa: A002
        viewer, uploads = info.context.viewer.require(), info.context.services.uploads
        session = await uploads.find(viewer, _raw(input.id))
        try:
            await uploads.complete(session)
        except UploadEnded as ended:
            raise Rejected(ErrorCode.CONFLICT, f"This upload has ended: {ended}.", "id") from ended
        return await _answered(info, viewer, session.id)

    @strawberry.mutation(description="End an upload; its bytes go. What is a picture already stays one.")
    @user_errors
    async def abort_upload(self, info: Info, input: UploadInput) -> UploadPayload:  # noqa: A002
        viewer, uploads = info.context.viewer.require(), info.context.services.uploads
        session = await uploads.find(viewer, _raw(input.id))
        await uploads.abort(session)
        return await _answered(info, viewer, session.id)


@strawberry.type
class UploadQuery:
    @strawberry.field(description="One's own upload.")
    async def upload_session(self, info: Info, id: strawberry.ID) -> UploadSession | None:  # noqa: A002
        viewer = info.context.viewer.require()
        try:
            return UploadSession.of(await info.context.services.uploads.find(viewer, _raw(id)))
        except Rejected:
            return None


@strawberry.type
class UploadSubscription:
    @strawberry.subscription(description="One's own upload, now and as it goes on; ends with it.")
    async def upload_progress(self, info: Info, id: strawberry.ID) -> AsyncIterator[UploadSession]:  # noqa: A002
        viewer, uploads = info.context.viewer.require(), info.context.services.uploads
        session = _raw(id)
        await uploads.find(viewer, session)
        stage: str | None = None
        async with info.context.resources.live.joined([upload_topic(session)]) as told:
            while True:
                info.context.forget()
                row = await uploads.find(viewer, session)
                yield UploadSession.of(row, stage)
                if row.status not in ("PENDING", "RECEIVED"):
                    return
                stage = (await told.get()).get("stage")


_STAGES = {stage.name.lower(): stage for stage in UploadStage}


def _begin(given: BeginUploadInput) -> Begin:
    if given.bytes <= 0:
        raise Rejected(ErrorCode.INVALID_INPUT, "A file has at least one byte.", "bytes")
    if not _TYPE.fullmatch(given.content_type):
        raise Rejected(ErrorCode.INVALID_INPUT, "The type is image/ or video/ and a name.", "contentType")
    if given.sha256 is not None and not _SHA256.fullmatch(given.sha256.lower()):
        raise Rejected(ErrorCode.INVALID_INPUT, "A SHA-256 is 64 hexadecimal digits.", "sha256")
    return Begin(
        protocol=UploadMethod(given.method).name,
        bytes=given.bytes,
        visibility=MediaVisibility(given.visibility).name,
        alt_text=checked_alt_text(given.alt_text),
        keep_copyright=given.keep_copyright,
        content_type=given.content_type,
        sha256=given.sha256.lower() if given.sha256 else None,
    )


async def _answered(info: Info, viewer: UUID, session: UUID) -> UploadPayload:
    info.context.forget()
    shown = UploadSession.of(await info.context.services.uploads.find(viewer, session))
    return UploadPayload(upload=shown, media=await shown.media(info))


def _raw(global_id: str) -> UUID:
    raw = id_of("UploadSession", global_id)
    if raw is None:
        raise Rejected.not_found("upload", "id")
    return raw
