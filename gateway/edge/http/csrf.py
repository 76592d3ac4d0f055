"""Requests that a foreign page could make a browser send are refused, unless a header shows they are not.

A browser asks first (a preflight) before it sends any header a plain form or link does not; so one such
header is proof enough (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
"""

from __future__ import annotations

from starlette.requests import Request

from gateway.edge.errors import RequestRefused

__all__ = ["is_preflighted", "require_preflight"]

_SENT_UNASKED = frozenset(
    [
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "alt-used",
        "attribution-reporting-eligible",
        "attribution-reporting-support",
        "available-dictionary",
        "cache-control",
        "connection",
        "content-language",
        "content-length",
        "content-type",
        "cookie",
        "date",
        "device-memory",
        "dictionary-id",
        "dnt",
        "downlink",
        "dpr",
        "early-data",
        "ect",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "keep-alive",
        "last-event-id",
        "origin",
        "ping-from",
        "ping-to",
        "pragma",
        "priority",
        "purpose",
        "range",
        "referer",
        "rtt",
        "save-data",
        "service-worker",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
        "via",
        "viewport-width",
        "width",
        # added by proxies and meshes, ingress-nginx, Envoy, Istio and Linkerd among them
        "b3",
        "baggage",
        "cdn-loop",
        "traceparent",
        "tracestate",
        "true-client-ip",
        "x-amzn-trace-id",
        "x-client-data",
        "x-client-ip",
        "x-cloud-trace-context",
        "x-moz",
        "x-ot-span-context",
        "x-purpose",
        "x-real-ip",
        "x-request-id",
        "x-scheme",
    ]
)
_SENT_UNASKED_PREFIXES = (
    "cf-",
    "l5d-",
    "proxy-",
    "sec-",
    "x-arr-",
    "x-azure-",
    "x-b3-",
    "x-datadog-",
    "x-envoy-",
    "x-forwarded-",
    "x-original-",
)


def is_preflighted(request: Request) -> bool:
    """Whether some header is none that browsers send of themselves, or proxies add."""
    for name, value in request.headers.items():
        if name == "authorization":
            if value.lower().startswith("bearer "):  # any other credentials a browser repeats of itself
                return True
        elif name not in _SENT_UNASKED and not name.startswith(_SENT_UNASKED_PREFIXES):
            return True
    return False


def require_preflight(request: Request) -> None:
    """Raise RequestRefused where a foreign page could have made a browser send this."""
    if is_preflighted(request):
        return
    message = (
        "This request could come from a foreign page. Send a header that says it does not, for example "
        "Apollo-Require-Preflight: 1."
    )
    raise RequestRefused(400, "CSRF_PREVENTED", message)
