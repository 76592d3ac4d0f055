"""The heads of answers with pictures in them, and of refusals."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TypeAlias

from starlette.types import Send

from subgraphs.media.edits import edit_of
from subgraphs.media.serving.renditions import Rendition
from subgraphs.media.storage.keys import ORIGINAL

__all__ = ["Head", "Headers", "Refusal", "head_of", "respond", "surrogate_key"]

Headers: TypeAlias = list[tuple[bytes, bytes]]

_ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"referrer-policy", b"no-referrer"),
]
_IMMUTABLE = b"public, max-age=31536000, immutable"
_REVALIDATE = b"public, max-age=0, must-revalidate"
_RENEWED = b"public, max-age=60, stale-while-revalidate=86400"
_PRIVATE = b"private, max-age=60"


@dataclass(frozen=True, slots=True)
class Head:
    """What is said of a rendition before its bytes; ``headers`` are without its length."""

    etag: str
    headers: Headers

    def earlier(self, rendition: Rendition, pipeline: int) -> Head:
        """Of bytes that an earlier pipeline made: another entity, and for a short while only."""
        etag = etag_of(rendition, pipeline)
        changed = {b"etag": etag.encode()}
        if (b"cache-control", _PRIVATE) not in self.headers:
            changed[b"cache-control"] = _RENEWED
        return replace(self, etag=etag, headers=[(n, changed.get(n, v)) for n, v in self.headers])


def head_of(
    rendition: Rendition, pipeline: int, *, public: bool, fresh: bool, varies: bool, surrogate: bool
) -> Head:
    """``fresh``: the address says which version it is of. ``surrogate``: a CDN is told what to purge it by."""
    etag = etag_of(rendition, pipeline)
    cache = (_IMMUTABLE if fresh else _REVALIDATE) if public else _PRIVATE
    headers: Headers = [
        *_ALWAYS,
        (b"content-type", rendition.media_type.encode()),
        (b"cache-control", cache),
        (b"etag", etag.encode()),
        (b"accept-ranges", b"bytes"),
    ]
    if varies:
        headers.append((b"vary", b"Accept"))
    if rendition.name == ORIGINAL:
        name = f'attachment; filename="{rendition.row.id.hex}.{rendition.format}"'
        headers.append((b"content-disposition", name.encode()))
    if public and surrogate:
        key = surrogate_key(rendition.row.id.hex).encode()
        headers += [(b"surrogate-key", key), (b"cache-tag", key)]
    return Head(etag, headers)


def surrogate_key(media: str) -> str:
    """What a CDN keeps every rendition of a picture under."""
    return f"media-{media}"


def etag_of(rendition: Rendition, pipeline: int) -> str:
    """Strong: the same upload through the same pipeline is the same bytes."""
    made = "original" if rendition.name == ORIGINAL else str(pipeline)
    row, name = rendition.row, f"{edit_of(rendition.row, rendition.name)}{rendition.name}"
    identity = f"{row.id.hex}/{row.sha256}/{made}/{name}.{rendition.format}"
    return f'"{hashlib.sha256(identity.encode()).hexdigest()[:32]}"'


async def respond(send: Send, status: int, headers: Headers, data: bytes = b"") -> None:
    """A whole answer at once."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error, for no cache to keep."""

    status: int
    code: str
    message: str
    retry_after: int | None = None

    async def send(self, send: Send, *, body: bool = True) -> None:
        data = f'{{"error":{{"code":"{self.code}","message":"{self.message}"}}}}'.encode()
        headers = [
            *_ALWAYS,
            (b"content-type", b"application/json"),
            (b"cache-control", b"no-store"),
            (b"content-length", b"%d" % len(data)),
        ]
        if self.retry_after is not None:
            headers.append((b"retry-after", b"%d" % self.retry_after))
        await respond(send, self.status, headers, data if body else b"")
