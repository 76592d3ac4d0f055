"""What lets the pages of other origins read an answer (CORS)."""

from __future__ import annotations

from collections.abc import Container

__all__ = ["cors_headers"]

_ALLOWED = b"authorization, content-type, apollo-require-preflight, x-request-id, traceparent, tracestate"


def cors_headers(origin: str | None, allowed: Container[str]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer to a page of ``origin``; none where that is not among the ``allowed``."""
    if origin is None or origin not in allowed:
        return []
    return [
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", _ALLOWED),
        (b"access-control-max-age", b"600"),
        (b"vary", b"Origin"),
    ]
