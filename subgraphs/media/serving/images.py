"""Serving pictures: public ones for ever, private ones to who holds a signed address, others not at all.

The row is asked of Redis for every request, so that what was made private a moment ago is not served; what
follows from a row (headers, where the bytes are) is prepared once and goes with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from media_core import ImageRejected, PoolBusy
from media_core.errors import MediaError
from media_core.storage import ObjectMissing
from subgraphs.kit.errors import KitError
from subgraphs.kit.serving.doors import SwiftRoute
from subgraphs.media.edits import moves
from subgraphs.media.models import MediaFile
from subgraphs.media.policies import is_public
from subgraphs.media.readers import Reader
from subgraphs.media.serving.addresses import Addresses, current
from subgraphs.media.serving.negotiation import Unsatisfiable, Wanted, holds, negotiate, part
from subgraphs.media.serving.renditions import EXTENSIONS, Rendition, Renditions, Stored
from subgraphs.media.serving.responses import Head, Headers, Refusal, head_of, respond
from subgraphs.media.serving.snapshots import Snapshot, Snapshots
from subgraphs.media.storage.keys import FULL, ORIGINAL

__all__ = ["PREFIX", "ImageDoor", "Sees"]

PREFIX = "/images/"

Sees: TypeAlias = Callable[[MediaFile, Reader], Awaitable[bool]]
"""The policy, asked as the graph asks it."""

_NOT_THERE = Refusal(404, "NOT_FOUND", "There is no such picture.")
"""Missing, hidden, or asked for in a way that was never given out: one answer for all."""
_NOT_ASKED_SO = Refusal(405, "METHOD_NOT_ALLOWED", "Pictures are asked for by GET or HEAD.")
_ALL = Wanted()
"""Ranges are of GET alone (RFC 9110, 14.2)."""
_METHODS = frozenset({"GET", "HEAD"})
_ROUTE = SwiftRoute(f"{PREFIX}{{media}}/{{name}}")
_NOT_READY = Refusal(503, "NOT_OPTIMISED", "This picture is not ready yet.", 30)
_AWAY = Refusal(503, "SERVICE_UNAVAILABLE", "Pictures cannot be served just now.", 5)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an address comes to while its picture stays as it is."""

    rendition: Rendition
    head: Head
    reader: Reader | None
    """Who must still see it; None for what is public."""


class ImageDoor:
    """``/images/{media}/{name}`` as an ASGI application."""

    def __init__(
        self,
        snapshots: Snapshots,
        addresses: Addresses,
        renditions: Renditions,
        sees: Sees,
        *,
        surrogate_keys: bool = False,
    ) -> None:
        self._snapshots = snapshots
        self._addresses = addresses
        self._renditions = renditions
        self._sees = sees
        self._surrogate_keys = surrogate_keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One picture or a part of it, 304 where the client has it, or an error that no cache keeps."""
        scope["route"] = _ROUTE
        if scope["method"] not in _METHODS:
            return await _NOT_ASKED_SO.send(send)
        body, wanted = scope["method"] != "HEAD", Wanted.read(scope["headers"])
        media, _, name = scope["path"][len(PREFIX) :].partition("/")
        try:
            snapshot = await self._snapshots.of(media)
            found = await self._found(snapshot, name, scope["query_string"], wanted)
            if isinstance(found, Refusal):
                return await found.send(send, body=body)
            return await self._answer(found, wanted, send, body=body)
        except ObjectMissing:
            refusal = _NOT_THERE
        except PoolBusy as busy:
            refusal = Refusal(429, "RATE_LIMITED", "Too many pictures are being made.", busy.retry_after)
        except ImageRejected:
            refusal = _NOT_READY
        except (KitError, MediaError):
            refusal = _AWAY
        return await refusal.send(send, body=body)

    async def _found(
        self, snapshot: Snapshot | None, name: str, query: bytes, wanted: Wanted
    ) -> _Found | Refusal:
        if snapshot is None:
            return _NOT_THERE
        rendition, _, extension = name.rpartition(".")
        format_ = _format(snapshot.row, rendition, extension, wanted.accept)
        key = (name, format_, query)
        found: _Found | Refusal | None = snapshot.notes.get(key)
        if found is None:
            found = self._find(snapshot.row, name, format_, query)
            if isinstance(found, _Found) and found.reader is None:
                snapshot.note(key, found)
        if isinstance(found, _Found) and found.reader is not None:
            return found if await self._may(snapshot.row, rendition, found.reader) else _NOT_THERE
        return found

    def _find(self, row: MediaFile, name: str, format_: str | None, query: bytes) -> _Found | Refusal:
        rendition, given = name.rpartition(".")[0], dict(parse_qsl(query.decode("latin-1")))
        public, reader, fresh = is_public(row) and rendition != ORIGINAL, None, False
        if not public:
            reader = self._addresses.reader(row, name, given)
            if reader is None:
                return _NOT_THERE
        elif "v" in given:
            known = current(row, rendition, given["v"])
            if known is None:
                return _NOT_THERE
            fresh = known
        found = self._renditions.find(row, rendition, format_) if format_ else None
        if found is None:
            return _NOT_READY if format_ and rendition == FULL and FULL not in row.variants else _NOT_THERE
        surrogate = public and self._surrogate_keys
        head = head_of(
            found,
            self._renditions.pipeline,
            public=public,
            fresh=fresh,
            varies=name.endswith(".auto"),
            surrogate=surrogate,
        )
        return _Found(found, head, reader)

    async def _may(self, row: MediaFile, rendition: str, reader: Reader) -> bool:
        """An original is its owner's; all else is seen by whom the policy lets see it."""
        if row.owner_id == reader.viewer.id:
            return True
        return rendition != ORIGINAL and await self._sees(row, reader)

    async def _answer(self, found: _Found, wanted: Wanted, send: Send, *, body: bool) -> None:
        """Raises MediaError before anything is sent."""
        head, rendition = found.head, found.rendition
        if wanted.if_none_match and holds(wanted.if_none_match, head.etag):
            return await respond(send, 304, head.headers)
        got = await self._renditions.get(rendition)
        if got.pipeline != self._renditions.pipeline:
            head = head.earlier(rendition, got.pipeline)
        status, start, end, headers = _span(head, wanted if body else _ALL, got.size)
        if not body or status == 416:
            return await respond(send, status, headers)
        if isinstance(got, Stored):
            return await self._stream(got.key, start, end, status, headers, send)
        return await respond(
            send, status, headers, got.data if end - start == got.size else got.data[start:end]
        )

    async def _stream(
        self, key: str, start: int, end: int, status: int, headers: Headers, send: Send
    ) -> None:
        chunks = self._renditions.store.open(key, start, end)
        first = await anext(chunks, b"")
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": first, "more_body": True})
        async for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _format(row: MediaFile, rendition: str, extension: str, accept: str) -> str | None:
    if extension == "auto":
        stored: str = row.variants.get(rendition, {}).get("format", row.format)
        if moves(row, rendition):
            return "webp"
        return stored if rendition in (FULL, ORIGINAL) else negotiate(accept)
    return EXTENSIONS.get(extension)


def _span(head: Head, wanted: Wanted, size: int) -> tuple[int, int, int, Headers]:
    """The status, from where up to where, and the headers that say so."""
    try:
        asked = part(wanted, head.etag, size) if wanted.range else None
    except Unsatisfiable:
        nothing = [(b"content-range", b"bytes */%d" % size), (b"content-length", b"0")]
        return 416, 0, 0, [*head.headers, *nothing]
    start, end = asked or (0, size)
    headers = [*head.headers, (b"content-length", b"%d" % (end - start))]
    if asked:
        headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, size)))
    return 206 if asked else 200, start, end, headers
