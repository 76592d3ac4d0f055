"""Resumable uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload) at `/uploads`.

Extensions: Creation, Creation With Upload, Creation Defer Length, Expiration, Checksum, Termination, Concatenation.
Ours besides: ``Upload-Media`` in an answer is the global id of the picture that the upload became.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from email.utils import format_datetime
from typing import TypeAlias
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from media_core.storage import StorageError
from subgraphs.kit.errors import ErrorCode, KitError, Rejected, Unavailable
from subgraphs.kit.graph.relay import to_global
from subgraphs.kit.identity.tokens import TokenVerifier
from subgraphs.media.http_errors import refusal, refused
from subgraphs.media.limits.bandwidth import Pace, paced
from subgraphs.media.models import UploadSession
from subgraphs.media.uploads.chunking import CHECKSUMS
from subgraphs.media.uploads.errors import ChecksumMismatch, UploadEnded, WrongOffset
from subgraphs.media.uploads.service import Uploads
from subgraphs.media.uploads.tus_headers import Creation, creation, read_checksum, read_count

__all__ = ["TusDoor"]

_VERSION = "1.0.0"
_TYPE = "application/offset+octet-stream"
_EXTENSIONS = (
    "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation"
)
_ALWAYS = {
    "tus-resumable": _VERSION,
    "cache-control": "no-store",
    "access-control-expose-headers": "location, tus-resumable, tus-version, tus-extension, tus-max-size, "
    "tus-checksum-algorithm, upload-offset, upload-length, upload-defer-length, upload-metadata, upload-concat, "
    "upload-expires, upload-media, retry-after",
}
"""A page of another origin reads from each answer what is exposed by that one."""
_BROWSERS = {
    "access-control-allow-methods": "POST, HEAD, PATCH, DELETE",
    "access-control-allow-headers": "authorization, content-type, tus-resumable, upload-length, upload-offset, "
    "upload-metadata, upload-defer-length, upload-concat, upload-checksum, x-http-method-override",
}
"""For pages of origins that the gateway lets in; for no others is there an ``allow-origin``."""

Handle: TypeAlias = Callable[[Request, UUID], Awaitable[Response]]


class TusDoor:
    """Bearer tokens as at `/upload`; another's upload is not there."""

    def __init__(
        self,
        uploads: Uploads,
        verifier: TokenVerifier,
        public_url: str | None,
        max_bytes: int,
        pace: Pace,
    ) -> None:
        self._uploads = uploads
        self._verifier = verifier
        self._origin = (public_url or "").rstrip("/")
        self._max_bytes = max_bytes
        self._pace = pace

    def routes(self) -> list[BaseRoute]:
        """The doors, as the gateway forwards to them."""
        return [
            Route("/uploads", self.collection, methods=["OPTIONS", "POST"]),
            Route("/uploads/{id}", self.upload, methods=["OPTIONS", "HEAD", "PATCH", "DELETE", "POST"]),
        ]

    async def collection(self, request: Request) -> Response:
        """What can be done here, and the start of an upload."""
        return await self._answer(request, {"POST": self._create})

    async def upload(self, request: Request) -> Response:
        """One upload: where it stands, more of it, its end."""
        return await self._answer(request, {"HEAD": self._head, "PATCH": self._patch, "DELETE": self._delete})

    async def _answer(self, request: Request, handles: Mapping[str, Handle]) -> Response:
        method = request.headers.get("x-http-method-override", request.method)
        if method == "OPTIONS":
            return self._options()
        if request.headers.get("tus-resumable") != _VERSION:
            versions = {"tus-version": _VERSION, **_ALWAYS}
            return refused(412, "UNSUPPORTED_VERSION", f"This is tus {_VERSION}.", versions)
        if method not in handles:
            return refused(405, "METHOD_NOT_ALLOWED", "An upload is not asked so.", _ALWAYS)
        try:
            viewer = await self._verifier.viewer(request.headers.get("authorization"))
            request.state.viewer = viewer.id
            return await handles[method](request, viewer.require())
        except (KitError, Rejected) as error:
            return refusal(error, _ALWAYS)
        except StorageError:
            return refusal(Unavailable("object store"), _ALWAYS)
        except WrongOffset:
            return refused(409, "WRONG_OFFSET", "The upload stands elsewhere: ask by HEAD.", _ALWAYS)
        except UploadEnded:
            return refused(410, "UPLOAD_ENDED", "This upload has ended.", _ALWAYS)
        except ChecksumMismatch:
            return refused(460, "CHECKSUM_MISMATCH", "The bytes are not those of the checksum.", _ALWAYS)

    def _options(self) -> Response:
        able = {
            "tus-version": _VERSION,
            "tus-extension": _EXTENSIONS,
            "tus-max-size": str(self._max_bytes),
            "tus-checksum-algorithm": ",".join(CHECKSUMS),
        }
        return Response(status_code=204, headers={**_ALWAYS, **able, **_BROWSERS})

    async def _create(self, request: Request, viewer: UUID) -> Response:
        wanted = creation(request.headers)
        if wanted.parts:
            session = await self._joined(viewer, wanted)
        else:
            session = await self._uploads.begin(viewer, wanted.begin)
            if request.headers.get("content-type") == _TYPE or session.bytes == 0:
                checksum = read_checksum(request.headers)
                session = await self._uploads.append(session, self._body(request, session), checksum)
        headers = await self._standing(session)
        location = f"{self._origin}/uploads/{session.id.hex}"
        return Response(status_code=201, headers={**headers, "location": location})

    async def _joined(self, viewer: UUID, wanted: Creation) -> UploadSession:
        """A final upload: the bytes of its parts, which end with it."""
        parts = [await self._uploads.find(viewer, part) for part in wanted.parts]
        if any(p.concat != "partial" or p.status != "PENDING" or p.received != p.bytes for p in parts):
            raise Rejected(ErrorCode.INVALID_INPUT, "The parts are partial uploads, each of them whole.")
        size = sum(part.received for part in parts)
        begin = replace(wanted.begin, bytes=size, content_type=None)
        session = await self._uploads.begin(viewer, begin)

        async def joined() -> AsyncIterator[bytes]:
            for part in parts:
                async for chunk in self._uploads.part_of(part):
                    yield chunk

        session = await self._uploads.append(session, joined())
        for part in parts:
            await self._uploads.abort(part)
        return session

    async def _head(self, request: Request, viewer: UUID) -> Response:
        session = await self._found(request, viewer)
        headers = {**_ALWAYS, **_described(session)}
        if session.upload_metadata:
            headers["upload-metadata"] = session.upload_metadata
        if session.concat:
            headers["upload-concat"] = session.concat
        return Response(status_code=200, headers=headers)

    async def _patch(self, request: Request, viewer: UUID) -> Response:
        if request.headers.get("content-type") != _TYPE:
            return refused(415, "UNSUPPORTED_MEDIA_TYPE", f"Bytes come as {_TYPE}.", _ALWAYS)
        offset = read_count(request.headers, "upload-offset")
        checksum = read_checksum(request.headers)
        session = await self._found(request, viewer)
        if (session.concat or "").startswith("final"):
            return refused(403, "FORBIDDEN", "A final upload is made of its parts.", _ALWAYS)
        if offset is None:
            raise Rejected(ErrorCode.INVALID_INPUT, "A PATCH says its Upload-Offset.")
        if offset != session.received:
            raise WrongOffset
        if "upload-length" in request.headers:
            length = read_count(request.headers, "upload-length") or 0
            session = await self._uploads.announce(session, length)
        if session.status == "PENDING":
            session = await self._uploads.append(session, self._body(request, session), checksum)
        return Response(status_code=204, headers=await self._standing(session))

    async def _delete(self, request: Request, viewer: UUID) -> Response:
        await self._uploads.abort(await self._found(request, viewer))
        return Response(status_code=204, headers=_ALWAYS)

    async def _found(self, request: Request, viewer: UUID) -> UploadSession:
        try:
            session = await self._uploads.find(viewer, UUID(hex=request.path_params["id"]))
        except ValueError:
            raise Rejected.not_found("upload") from None
        if session.status in ("ABORTED", "EXPIRED", "FAILED"):
            raise UploadEnded(session.status)
        return session

    async def _standing(self, session: UploadSession) -> dict[str, str]:
        """Where it stands; where it is whole, what became of it, unless that must wait."""
        headers = {**_ALWAYS, **_described(session)}
        if session.status == "RECEIVED":
            media = await self._uploads.finish(session)
            if media is not None:
                headers["upload-media"] = to_global("MediaFile", media.id)
        return headers

    def _body(self, request: Request, session: UploadSession) -> AsyncIterator[bytes]:
        most = (self._max_bytes if session.bytes is None else session.bytes) - session.received
        if int(request.headers.get("content-length") or 0) > most:
            raise Rejected(ErrorCode.TOO_LARGE, "That is more than the upload was announced with.")
        return paced(_until_cut(request), self._pace)


async def _until_cut(request: Request) -> AsyncIterator[bytes]:
    """What has come, when the client goes away in the middle: it will ask for the offset and go on there."""
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except ClientDisconnect:
        return


def _described(session: UploadSession) -> dict[str, str]:
    length = {"upload-defer-length": "1"} if session.bytes is None else {"upload-length": str(session.bytes)}
    expires = (
        {"upload-expires": format_datetime(session.expires_at, usegmt=True)}
        if session.status == "PENDING"
        else {}
    )
    media = {"upload-media": to_global("MediaFile", session.media_id)} if session.media_id else {}
    return {"upload-offset": str(session.received), **length, **expires, **media}
