"""The media domain's doors beside GraphQL and pictures: `POST /upload`, `/public/files`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive

from subgraphs.kit.errors import BadInput, ErrorCode, Forbidden, KitError, Rejected
from subgraphs.kit.identity import TokenVerifier, Viewer
from subgraphs.kit.relay import Page, PageRequest, id_of
from subgraphs.kit.resources import Resources
from subgraphs.media.http_errors import refusal
from subgraphs.media.limits.admission import Admission
from subgraphs.media.limits.bandwidth import Turn
from subgraphs.media.readers import NOBODY, Reader
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import MediaService, Upload
from subgraphs.media.serving.addresses import Addresses
from subgraphs.media.serving.file_json import file_json
from subgraphs.media.uploads.early_answer import EarlyAnswer
from subgraphs.media.validation import VISIBILITIES, YES_OR_NO

__all__ = ["MediaDoors"]

_FORM_OVERHEAD = 64 * 1024


class _TooLong(Exception):
    """The body has more bytes than an upload may."""


class _Body:
    """A request's ``receive``, and whether all of it was read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.ended = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self.ended = not message.get("more_body", False)
        return message


class MediaDoors:
    """Requests that clients send without GraphQL."""

    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        media: MediaService,
        addresses: Addresses,
        verifier: TokenVerifier,
        admission: Admission,
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._media = media
        self._addresses = addresses
        self._verifier = verifier
        self._admission = admission

    def routes(self) -> list[BaseRoute]:
        """The doors, as the gateway forwards to them."""
        return [
            Route("/upload", self.upload, methods=["POST"]),
            Route("/public/files", self.public_files, methods=["GET"]),
        ]

    async def upload(self, request: Request) -> Response:
        """A form with ``file``, ``visibility`` and, optionally, ``userId`` (the caller's), ``altText`` and
        ``keepCopyright``."""
        body = _Body(request.receive)
        try:
            viewer = (await self._verifier.viewer(request.headers.get("authorization"))).require()
            request.state.viewer = viewer
            async with self._admission.slot(viewer):
                return JSONResponse(await self._upload(Request(request.scope, body), viewer))
        except (KitError, Rejected) as error:
            answer = refusal(error)
            return answer if body.ended else EarlyAnswer(answer, self._admission.waste.body())
        except ClientDisconnect:
            return Response(status_code=400)

    async def public_files(self, request: Request) -> Response:
        """Public pictures, newest first, in the same shape as an upload's answer."""
        try:
            page_request = self._page_request(request.query_params)
        except BadInput as error:
            return refusal(error)
        page = Page.cut(page_request, await self._repository.public(page_request))
        files = [file_json(row, self._addresses, NOBODY) for row in page.rows]
        end = page_request.cursor(page.rows[-1].id.hex) if page.rows else None
        return JSONResponse({"files": files, "pageInfo": {"hasNextPage": page.has_next, "endCursor": end}})

    async def _upload(self, request: Request, viewer: UUID) -> dict[str, Any]:
        limited = Request(request.scope, _counted(request, self._limit(), self._admission.pace.body()))
        try:
            async with limited.form(max_files=1, max_fields=8, max_part_size=16 * 1024) as form:
                file = form.get("file")
                if not isinstance(file, UploadFile):
                    raise Rejected(ErrorCode.INVALID_INPUT, "The form has no file named 'file'.", "file")
                owner = form.get("userId")
                if owner and id_of("User", str(owner)) != viewer:
                    raise Forbidden("'userId' is not the caller's.")
                visibility = VISIBILITIES.get(str(form.get("visibility") or "public").lower())
                if visibility is None:
                    message = "'visibility' is 'public' or 'private'."
                    raise Rejected(ErrorCode.INVALID_INPUT, message, "visibility")
                keep = YES_OR_NO.get(str(form.get("keepCopyright") or "false").lower())
                if keep is None:
                    message = "'keepCopyright' is 'true' or 'false'."
                    raise Rejected(ErrorCode.INVALID_INPUT, message, "keepCopyright")
                alt_text = form.get("altText")
                given = Upload(file, visibility, str(alt_text) if alt_text else None, keep)
                row = await self._media.upload(viewer, given)
                return file_json(row, self._addresses, Reader(Viewer(id=viewer)))
        except _TooLong as error:
            raise Rejected(ErrorCode.TOO_LARGE, "The file is too large.", "file") from error
        except MultiPartException as error:
            raise Rejected(ErrorCode.INVALID_INPUT, error.message) from error
        except HTTPException as error:  # what Starlette makes of it within an application
            raise Rejected(ErrorCode.INVALID_INPUT, error.detail) from error

    def _limit(self) -> int:
        return self._resources.settings.upload_max_bytes + _FORM_OVERHEAD

    def _page_request(self, query: Mapping[str, str]) -> PageRequest:
        first = query.get("first") or "20"
        if not first.isdecimal():
            raise BadInput("'first' is a number.")
        limit = self._resources.settings.limits.page_size
        return PageRequest.read(
            self._resources.cursors,
            "public-media",
            first=int(first[:6]),
            after=query.get("after") or None,
            limit=limit,
        )


def _counted(request: Request, limit: int, turn: Turn) -> Any:
    """The request's ``receive`` in turns, which fails once more has come than may, whatever its length said."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise Rejected(ErrorCode.TOO_LARGE, "The file is too large.", "file")
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        size = len(message.get("body", b""))
        await turn(size)
        seen += size
        if seen > limit:
            raise _TooLong
        return message

    return receive
