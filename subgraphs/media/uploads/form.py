"""`POST /upload`: a picture in a form, for clients that send one without GraphQL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive

from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Forbidden, KitError, Rejected
from subgraphs.kit.graph.relay import id_of
from subgraphs.kit.identity.tokens import TokenVerifier
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.media.http_errors import refusal
from subgraphs.media.limits.admission import Admission
from subgraphs.media.limits.bandwidth import Turn
from subgraphs.media.readers import Reader
from subgraphs.media.service import MediaService, Upload
from subgraphs.media.serving.addresses import Addresses
from subgraphs.media.serving.file_json import file_json
from subgraphs.media.uploads.early_answer import EarlyAnswer
from subgraphs.media.validation import VISIBILITIES, YES_OR_NO

__all__ = ["FormDoor"]

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


class FormDoor:
    """One request, one picture; let in as there is room."""

    def __init__(
        self,
        resources: Resources,
        media: MediaService,
        addresses: Addresses,
        verifier: TokenVerifier,
        admission: Admission,
    ) -> None:
        self._resources = resources
        self._media = media
        self._addresses = addresses
        self._verifier = verifier
        self._admission = admission

    def routes(self) -> list[BaseRoute]:
        """The door, as the gateway forwards to it."""
        return [Route("/upload", self.upload, methods=["POST"])]

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
