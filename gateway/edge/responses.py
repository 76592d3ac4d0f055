"""Which media type a client wants, and the status each outcome has in it (GraphQL over HTTP)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from gateway.edge.errors import RequestRefused

__all__ = ["EVENT_STREAM", "GRAPHQL", "JSON", "encode", "media_type", "respond", "wishes"]

JSON, GRAPHQL, EVENT_STREAM = "application/json", "application/graphql-response+json", "text/event-stream"
_KNOWN = (JSON, GRAPHQL, EVENT_STREAM)


def encode(answer: Any) -> bytes:
    """JSON bytes. Integers of any size and floats come out as they came in."""
    return msgspec.json.encode(answer)


def media_type(accept: str | None) -> str:
    """The type to answer in; JSON where nothing is said. Raises RequestRefused (406)."""
    if accept is None or not accept.strip():
        return JSON
    best, best_quality = None, 0.0
    for name, quality in wishes(accept):
        concrete = JSON if name in {"*/*", "application/*"} else name
        if concrete in _KNOWN and quality > best_quality:
            best, best_quality = concrete, quality
    if best is None:
        raise RequestRefused(406, "NOT_ACCEPTABLE", f"Answers are {JSON} or {GRAPHQL}.")
    return best


def wishes(accept: str) -> list[tuple[str, float]]:
    """The types of an Accept header with their quality, in its order (RFC 9110, 12.5.1)."""
    found = []
    for part in accept.split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            found.append((name, float(quality)))
        except ValueError:
            found.append((name, 0.0))
    return found


def respond(answer: Any, type_: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The answer in the type agreed on."""
    content_type = f"{type_}; charset=utf-8"
    return Response(encode(answer), status, dict(headers or {}), content_type)
