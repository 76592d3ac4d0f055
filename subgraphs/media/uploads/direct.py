"""Uploads past GraphQL: to the object store where it has addresses for that, else to a door of our own.

The door holds a client to what was announced just as S3 would, and its address is a capability as S3's are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Literal, cast
from urllib.parse import quote
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from media_core.storage import DirectTerms, DirectUpload, ObjectStore, StorageError
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected, Unavailable
from subgraphs.kit.identity.secrets import Sealer
from subgraphs.media.http_errors import refusal, refused
from subgraphs.media.limits.bandwidth import Pace, paced
from subgraphs.media.models import UploadSession
from subgraphs.media.uploads.objects import direct_key
from subgraphs.media.uploads.repository import Sessions

__all__ = ["DirectDoor"]

_LIFE = timedelta(hours=1)
_CHUNK = 256 * 1024
_FORM_OVERHEAD = 64 * 1024


class DirectDoor:
    """Where a client puts its file."""

    def __init__(self, resources: Resources, sessions: Sessions, store: ObjectStore, pace: Pace) -> None:
        self._sessions = sessions
        self._store = store
        self._pace = pace
        self._clock = resources.clock
        settings = resources.settings
        secrets = [settings.secret_key, settings.serving.previous_secret]
        self._sealers = [Sealer(secret, "upload-address") for secret in secrets if secret]
        self._origin = (settings.public_url or "").rstrip("/")

    def routes(self) -> list[BaseRoute]:
        """The door of our own."""
        return [Route("/uploads/{id}/content", self.receive, methods=["PUT", "POST"])]

    async def address(self, session: UploadSession) -> DirectUpload:
        """Good for an hour. Raises Unavailable."""
        url = f"{self._origin}/uploads/{session.id.hex}"
        if session.protocol == "TUS":
            return DirectUpload("PUT", url, {}, {})
        method = cast("Literal['PUT', 'POST']", session.protocol)
        type_, size = session.content_type or "", session.bytes or 0
        terms = DirectTerms(method, size, type_, int(_LIFE.total_seconds()))
        try:
            direct = await self._store.direct(direct_key(session.id), terms)
        except StorageError as error:
            raise Unavailable("object store") from error
        if direct is not None:
            return direct
        ends = int((self._clock.now() + _LIFE).timestamp())
        ticket = quote(self._sealers[0].seal(str(ends), session.id.hex))
        headers = {"Content-Type": type_} if method == "PUT" else {}
        fields = {} if method == "PUT" else {"Content-Type": type_}
        return DirectUpload(method, f"{url}/content?ticket={ticket}", headers, fields)

    async def receive(self, request: Request) -> Response:
        """The file as the body of a PUT, or as ``file`` in a form, after ``Content-Type``."""
        session = await self._session(request)
        if session is None:
            return refused(403, "FORBIDDEN", "This address is for no upload, or no longer.")
        try:
            if request.method == "PUT":
                given = request.headers.get("content-type", "")
                await self._store_file(session, given, self._body(request, session.bytes or 0))
                return Response(status_code=200)
            await self._form(request, session)
            return Response(status_code=204)
        except Rejected as rejected:
            return refusal(rejected)
        except MultiPartException as error:
            return refused(400, "INVALID_INPUT", error.message)
        except StorageError:
            return refusal(Unavailable("object store"))
        except ClientDisconnect:
            return Response(status_code=400)

    async def _session(self, request: Request) -> UploadSession | None:
        named = request.path_params["id"]
        ticket = request.query_params.get("ticket", "")
        ends = next((ends for one in self._sealers if (ends := one.open(ticket, named)) is not None), None)
        if ends is None or int(ends) < self._clock.timestamp():
            return None
        session = await self._sessions.get(UUID(hex=named))
        if session is None or session.status != "PENDING" or session.protocol != request.method:
            return None
        return session

    def _body(self, request: Request, most: int) -> AsyncIterator[bytes]:
        return paced(_counted(request, most), self._pace)

    async def _form(self, request: Request, session: UploadSession) -> None:
        body = self._body(request, (session.bytes or 0) + _FORM_OVERHEAD)

        async def receive() -> dict[str, object]:
            chunk = await anext(body, None)
            return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

        async with Request(request.scope, receive).form(max_files=1, max_fields=8) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Rejected(ErrorCode.INVALID_INPUT, "The form has no file named 'file'.", "file")
            if (file.size or 0) > (session.bytes or 0):
                raise _too_large()
            await self._store_file(session, str(form.get("Content-Type") or ""), _chunks(file))

    async def _store_file(
        self, session: UploadSession, content_type: str, chunks: AsyncIterator[bytes]
    ) -> None:
        if content_type != session.content_type:
            message = f"The upload was announced as {session.content_type}."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "Content-Type")
        await self._store.put(direct_key(session.id), chunks, content_type=content_type)


async def _counted(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body's chunks; raises Rejected beyond so many bytes, whatever its length said."""
    if int(request.headers.get("content-length") or 0) > most:
        raise _too_large()
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > most:
            raise _too_large()
        if chunk:
            yield chunk


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


def _too_large() -> Rejected:
    return Rejected(ErrorCode.TOO_LARGE, "That is more than the upload was announced with.", "file")
