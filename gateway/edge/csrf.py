"""Requests that a foreign page could make a browser send are refused, unless a header shows they are not.

A browser asks first (a preflight) before it sends any header a plain form or link does not; so one such
header is proof enough (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
"""

from __future__ import annotations

from starlette.requests import Request

from gateway.edge.errors import RequestRefused

__all__ = ["require_preflight"]

_SENT_UNASKED = frozenset(
    [
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "content-language",
        "content-length",
        "content-type",
        "cookie",
        "date",
        "dnt",
        "expect",
        "forwarded",
        "host",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "origin",
        "pragma",
        "priority",
        "range",
        "referer",
        "save-data",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
        "via",
        "viewport-width",
        "width",
        "x-real-ip",
        "traceparent",
        "tracestate",
    ]
)
_SENT_UNASKED_PREFIXES = ("sec-", "proxy-", "x-forwarded-", "cf-", "x-envoy-")


def require_preflight(request: Request) -> None:
    """Raise RequestRefused where every header is one that browsers send of themselves, or proxies add."""
    for name in request.headers:
        if name not in _SENT_UNASKED and not name.startswith(_SENT_UNASKED_PREFIXES):
            return
    message = (
        "This request could come from a foreign page. Send a header that says it does not, for example "
        "Apollo-Require-Preflight: 1."
    )
    raise RequestRefused(400, "CSRF_PREVENTED", message)
