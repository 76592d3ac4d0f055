"""What browsers tell of the traces that begin in them: spans for what somebody did, and for the requests and
subscriptions it led to.

A browser does not know which traces are kept. The answer to a request whose trace is kept says so by a ticket, and only
with that ticket spans of that trace are taken. All that comes is numbers and names of a known form.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.config import Guards
from gateway.edge.errors import RequestRefused
from gateway.edge.http.accept import JSON
from gateway.edge.http.bodies import read_body
from gateway.edge.http.responses import respond
from gateway.telemetry.tracing.tracing import Bounded

__all__ = ["BrowserSpans", "Tickets", "spans_door"]

_MOST_BYTES: Final = 16 * 1024
_MOST_REQUESTS: Final = 50
_MOST_STREAMS: Final = 20
_LONGEST_MS: Final = 600_000
_LONGEST_OPEN_MS: Final = 7 * 24 * 3600 * 1000
_SCOPE: Final = InstrumentationScope("web")
_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)
_HOST: Final = re.compile(r"[A-Za-z0-9.:-]{1,253}")

_SpanId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^(?!0{16}\Z)[0-9a-f]{16}\Z")]
_Name: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[_A-Za-z][_0-9A-Za-z]{0,99}\Z")]
_Milliseconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=_LONGEST_MS)]
_OpenMilliseconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=_LONGEST_OPEN_MS)]


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that the page made."""

    id: _SpanId
    operation: _Name
    ago: _Milliseconds
    """How long before it was told of it began: a browser's clock is anyhow."""
    took: _Milliseconds
    status: Annotated[int, msgspec.Meta(ge=0, le=599)]
    """0: no answer came."""


class _Streamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A subscription of the page that has ended."""

    id: _SpanId
    operation: _Name
    ago: _OpenMilliseconds
    took: _OpenMilliseconds
    end: Literal["left", "complete", "lost", "error"]
    """Whether the page had enough, or the server; or the connection broke, or the server refused."""


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody did, and what it led to."""

    trace: Annotated[str, msgspec.Meta(pattern=r"^(?!0{32}\Z)[0-9a-f]{32}\Z")]
    ticket: Annotated[str, msgspec.Meta(max_length=64)]
    id: _SpanId
    deed: Literal["load", "click", "submit", "change", "popstate", "later"]
    ago: _OpenMilliseconds
    took: _Milliseconds
    requests: Annotated[list[_Asked], msgspec.Meta(max_length=_MOST_REQUESTS)]
    streams: Annotated[list[_Streamed], msgspec.Meta(max_length=_MOST_STREAMS)] = []
    again: bool = False
    """Whether the deed was told of before: these are subscriptions of it that have ended since."""


class Tickets:
    """Given with the answers to requests whose traces are kept; every gateway with the same key takes them."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2b(key, digest_size=32, person=b"ticket").digest()

    def of(self, trace_id: str) -> str:
        """The ticket of a trace."""
        return hashlib.blake2b(trace_id.encode(), key=self._key, digest_size=16).hexdigest()

    def holds(self, trace_id: str, ticket: str) -> bool:
        """Whether it is the ticket of that trace."""
        return hmac.compare_digest(self.of(trace_id).encode(), ticket.encode())


class BrowserSpans:
    """Makes spans of what browsers told; so many tellings a second at most, as of all that others choose."""

    def __init__(
        self,
        processor: SpanProcessor,
        resource: Resource,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        epoch: Callable[[], float] = time.time,
    ) -> None:
        self._processor = processor
        self._resource = resource.merge(Resource({SERVICE_NAME: "web"}))
        self._bounded = Bounded(per_second, clock)
        self._epoch = epoch

    def take(self, told: _Told, server: Mapping[str, str | int]) -> bool:
        """Whether they were taken. ``server``: what was asked, by the attributes of that."""
        if not self._bounded.more():
            return False
        now = self._epoch()
        for asked in told.requests:
            attributes = {
                "graphql.operation.name": asked.operation,
                "http.request.method": "POST",
                "url.template": "/graphql",
                **server,
            }
            if asked.status:
                attributes["http.response.status_code"] = asked.status
            if asked.status >= 400 or not asked.status:
                attributes["error.type"] = str(asked.status) if asked.status else "no_answer"
            self._end(told, asked, "POST /graphql", SpanKind.CLIENT, told.id, attributes, now)
        for stream in told.streams:
            attributes = {
                "graphql.operation.name": stream.operation,
                "graphql.operation.type": "subscription",
                "gateway.subscription.end": stream.end,
                "url.template": "/graphql",
                **server,
            }
            if stream.end == "error":
                attributes["error.type"] = "refused"
            self._end(told, stream, "subscription", SpanKind.CLIENT, told.id, attributes, now)
        if not told.again:
            self._end(told, told, told.deed, SpanKind.INTERNAL, "", {}, now)
        return True

    def _end(
        self,
        told: _Told,
        span: _Told | _Asked | _Streamed,
        name: str,
        kind: SpanKind,
        parent: str,
        attributes: Mapping[str, str | int],
        now: float,
    ) -> None:
        trace = int(told.trace, 16)
        began = int((now - span.ago / 1000) * 1e9)
        self._processor.on_end(
            ReadableSpan(
                name,
                SpanContext(trace, int(span.id, 16), is_remote=False, trace_flags=_SAMPLED),
                SpanContext(trace, int(parent, 16), is_remote=False, trace_flags=_SAMPLED)
                if parent
                else None,
                self._resource,
                attributes,
                kind=kind,
                status=Status(StatusCode.ERROR if "error.type" in attributes else StatusCode.UNSET),
                start_time=began,
                end_time=began + span.took * 1_000_000,
                instrumentation_scope=_SCOPE,
            )
        )


def spans_door(spans: BrowserSpans, tickets: Tickets) -> ASGIApp:
    """Answers 204 where spans were taken, and 202 where there are too many just now: no page is to complain of that."""
    guards = Guards(body_bytes=_MOST_BYTES)

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            _check_origin(request)
            told = _told(await read_body(request, guards))
            if not tickets.holds(told.trace, told.ticket):
                raise RequestRefused(403, "FORBIDDEN", "This trace is not kept.")
            answer = Response(status_code=204 if spans.take(told, _server(request)) else 202)
        except RequestRefused as refused:
            answer = respond(refused.answer(), JSON, refused.status, refused.headers)
        await answer(scope, receive, send)

    return door


def _check_origin(request: Request) -> None:
    """A page of another origin cannot send JSON without asking first, and browsers say where they ask from."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != JSON:
        raise RequestRefused(415, "UNSUPPORTED_MEDIA_TYPE", "Spans are told as application/json.")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise RequestRefused(403, "FORBIDDEN", "Spans are told by our own pages.")


def _told(body: bytes) -> _Told:
    try:
        return msgspec.json.decode(body, type=_Told)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RequestRefused(400, "BAD_REQUEST", "The body is not what pages tell of a trace.") from error


def _server(request: Request) -> Mapping[str, str | int]:
    """The host that was asked is the client's to say: only what can be one is told."""
    host = request.url.hostname or ""
    if not _HOST.fullmatch(host):
        return {}
    try:
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
    except ValueError:
        return {}
    return {"server.address": host, "server.port": port}
