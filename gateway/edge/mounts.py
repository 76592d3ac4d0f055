"""Paths that others answer: an application in this process, or a service behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.transport import HttpClient, HttpFailure

__all__ = ["Mount", "MountPoint", "Upstream", "forwarding"]

_HOP_BY_HOP = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
_OURS = frozenset(
    {"host", "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"}
)


@dataclass(frozen=True, slots=True)
class Upstream:
    """A service reached over HTTP."""

    client: HttpClient


Target: TypeAlias = ASGIApp | Upstream

_AS_ASKED = r"\g<0>"


@dataclass(frozen=True, slots=True)
class Mount:
    """Paths that ``pattern`` matches whole go to ``target`` as ``path`` (a template for ``re.Match.expand``)."""

    pattern: str
    target: Target
    path: str = _AS_ASKED
    methods: frozenset[str] = frozenset({"GET", "HEAD"})
    label: str = ""
    """The route's name in metrics."""
    streams: bool = False
    """Whether it answers for as long as the client likes: its length then says nothing of slowness."""
    quiet: bool = False
    """Whether it is asked every few seconds, so that neither logs nor traces are to be full of it: they have what was
    refused."""

    @property
    def route(self) -> str:
        """Its name in metrics and logs."""
        return self.label or self.pattern


class MountPoint:
    """Finds the mount of a path and hands the request on."""

    def __init__(self, mounts: Sequence[Mount]) -> None:
        self._mounts = [(re.compile(m.pattern), m) for m in mounts]

    def find(self, path: str) -> tuple[Mount, str] | None:
        """The mount and the path there."""
        for pattern, mount in self._mounts:
            if match := pattern.fullmatch(path):
                return mount, path if mount.path == _AS_ASKED else match.expand(mount.path)
        return None

    async def serve(self, mount: Mount, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the target; 405 for a method that is not the mount's."""
        if scope["method"] not in mount.methods:
            allow = {"allow": ", ".join(sorted(mount.methods))}
            await _error(405, "METHOD_NOT_ALLOWED", "This path is not asked so.", allow)(scope, receive, send)
        elif isinstance(mount.target, Upstream):
            await _forward(mount.target, path, Request(scope, receive), send)
        else:
            inner = {**scope, "state": dict(scope["state"])}
            if path != scope["path"]:
                inner |= {"path": path, "raw_path": quote(path).encode()}
            try:
                await mount.target(inner, receive, send)
            finally:  # whose request it was, for the line of log
                state = inner["state"]
                scope["state"]["subject"] = state.get("subject", state.get("viewer"))


def forwarding(upstream: Upstream) -> ASGIApp:
    """The service as an application, for who stands between a mount and it."""

    async def forward(scope: Scope, receive: Receive, send: Send) -> None:
        await _forward(upstream, scope["path"], Request(scope, receive), send)

    return forward


async def _forward(upstream: Upstream, path: str, request: Request, send: Send) -> None:
    """Stream both ways; a service that does not answer is 503, one that breaks off breaks off here."""
    query = request.url.query
    target = f"{quote(path)}{'?' + query if query else ''}"
    body = None if request.method in {"GET", "HEAD"} else _Body(request)
    started = False
    try:
        async with upstream.client.stream(
            request.method, target, _request_headers(request), None if body is None else body.chunks()
        ) as answer:
            headers = [
                (n.encode("latin-1"), v.encode("latin-1")) for n, v in _response_headers(answer.headers)
            ]
            if body is not None and not body.ended:  # the rest would be read, however much, for nobody
                headers.append((b"connection", b"close"))
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            started = True
            async for chunk in answer.body:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except HttpFailure:
        if started:
            raise
        message = "The service behind this path does not answer."
        refusal = _error(503, "SERVICE_UNAVAILABLE", message, {"retry-after": "5"})
        await refusal(request.scope, request.receive, send)
    except ClientDisconnect:
        return


def _response_headers(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The service's, without what is between two hops or our own server says once."""
    dropped = _HOP_BY_HOP | {"date", "server"}
    return [(name, value) for name, value in headers if name.lower() not in dropped]


def _request_headers(request: Request) -> list[tuple[str, str]]:
    """The client's, without what is between two hops or only a proxy may say; the host as it was asked."""
    kept = [
        (name, value)
        for name, value in request.headers.items()
        if name not in _HOP_BY_HOP and name not in _OURS
    ]
    return [*kept, ("x-forwarded-for", request.state.address)]


class _Body:
    """A request's body, and whether all of it has come."""

    def __init__(self, request: Request) -> None:
        self._request = request
        stated = request.headers.get("content-length")
        self._left = int(stated) if stated else None
        self.ended = not self._left and "transfer-encoding" not in request.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self._request.stream():
            if self._left is not None:
                self._left -= len(chunk)
                self.ended = self._left <= 0
            if chunk:
                yield chunk
        self.ended = True


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status, dict(headers or {}))
