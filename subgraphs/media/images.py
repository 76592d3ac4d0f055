"""Serving pictures: public ones for ever, private ones to who holds a signed address, others not at all."""

from __future__ import annotations

import hashlib
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from media_core import PIPELINE_VERSION, ImageRejected, PoolBusy, PoolUnavailable
from media_core.storage import ObjectMissing, StorageError
from subgraphs.kit.cache import RowCache
from subgraphs.kit.errors import Unavailable
from subgraphs.media.addresses import Addresses
from subgraphs.media.models import MediaFile
from subgraphs.media.objects import FULL, ORIGINAL
from subgraphs.media.renditions import EXTENSIONS, Rendition, Renditions, negotiate

__all__ = ["ImageDoor"]

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "referrer-policy": "no-referrer",
}
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "public, max-age=0, must-revalidate"
_PRIVATE = "private, max-age=60"


class ImageDoor:
    """``/images/{id}/{size}.{ext}``. What may not be seen is not there: 404, in the same words."""

    def __init__(self, files: RowCache[MediaFile], addresses: Addresses, renditions: Renditions) -> None:
        self._files = files
        self._addresses = addresses
        self._renditions = renditions

    async def serve(self, request: Request) -> Response:
        """One picture, 304 where the client has it, or an error that no cache keeps."""
        name = request.path_params["name"]
        rendition, _, extension = name.rpartition(".")
        try:
            row = await self._row(request.path_params["media"])
            if row is None or not self._allowed(row, rendition, name, dict(request.query_params)):
                return _error(404, "NOT_FOUND", "There is no such picture.")
            format_ = _format(row, rendition, extension, request.headers.get("accept", ""))
            return await self._answer(request, row, rendition, extension, format_)
        except (Unavailable, StorageError, PoolUnavailable):
            return _error(503, "SERVICE_UNAVAILABLE", "Pictures cannot be served just now.", 5)
        except PoolBusy as busy:
            return _error(429, "RATE_LIMITED", "Too many pictures are being made.", busy.retry_after)
        except ImageRejected:
            return _error(503, "NOT_OPTIMISED", "This picture is not ready yet.", 30)

    async def _row(self, media: str) -> MediaFile | None:
        try:
            raw = UUID(hex=media) if len(media) == 32 else None
        except ValueError:
            return None
        return (await self._files.load([raw])).get(raw) if raw else None

    def _allowed(self, row: MediaFile, rendition: str, name: str, query: dict[str, str]) -> bool:
        if row.visibility == "PUBLIC" and rendition != ORIGINAL:
            return query.get("v", row.revision) == row.revision
        return self._addresses.signed(row, name, query)

    async def _answer(
        self, request: Request, row: MediaFile, rendition: str, extension: str, format_: str | None
    ) -> Response:
        if format_ is None:
            return _error(404, "NOT_FOUND", "There is no such picture.")
        headers = {
            **_ALWAYS,
            "cache-control": _cache(row, rendition, request),
            "etag": _etag(row, rendition, format_),
        }
        if extension == "auto":
            headers["vary"] = "Accept"
        if rendition == ORIGINAL:
            headers["content-disposition"] = "attachment"
        if rendition == FULL and FULL not in row.variants:
            return _error(503, "NOT_OPTIMISED", "This picture is not ready yet.", 30)
        if _matches(request.headers.get("if-none-match"), headers["etag"]):
            return Response(status_code=304, headers=headers)
        try:
            found = await self._renditions.read(row, rendition, format_)
        except ObjectMissing:
            found = None
        if found is None:
            return _error(404, "NOT_FOUND", "There is no such picture.")
        return _picture(found, headers)


def _format(row: MediaFile, rendition: str, extension: str, accept: str) -> str | None:
    if extension == "auto":
        stored = row.variants.get(rendition, {}).get("format", row.format)
        return stored if rendition in (FULL, ORIGINAL) else negotiate(accept)
    return EXTENSIONS.get(extension)


def _cache(row: MediaFile, rendition: str, request: Request) -> str:
    if row.visibility != "PUBLIC" or rendition == ORIGINAL:
        return _PRIVATE
    return _IMMUTABLE if "v" in request.query_params else _REVALIDATE


def _etag(row: MediaFile, rendition: str, format_: str) -> str:
    """Strong: the same upload through the same pipeline is the same bytes."""
    made = "original" if rendition == ORIGINAL else str(PIPELINE_VERSION)
    identity = f"{row.id.hex}/{row.sha256}/{made}/{rendition}.{format_}"
    return f'"{hashlib.sha256(identity.encode()).hexdigest()[:32]}"'


def _matches(header: str | None, etag: str) -> bool:
    return header is not None and any(e.strip().removeprefix("W/") in (etag, "*") for e in header.split(","))


def _picture(found: Rendition, headers: dict[str, str]) -> Response:
    return Response(found.data, media_type=found.media_type, headers=headers)


def _error(status: int, code: str, message: str, retry_after: int | None = None) -> Response:
    headers = {**_ALWAYS, "cache-control": "no-store"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    body = f'{{"error":{{"code":"{code}","message":"{message}"}}}}'
    return Response(body, status, headers, "application/json")
