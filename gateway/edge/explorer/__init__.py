"""A GraphQL explorer for development: a page of our own that loads nothing from elsewhere."""

from __future__ import annotations

from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.responses import wishes

__all__ = ["FILES", "explorer_file", "explorer_page", "wants_explorer"]

FILES = {"explorer.js": "text/javascript", "explorer.css": "text/css"}
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


def wants_explorer(request: Request) -> bool:
    """Whether a person opened the address in a browser, rather than a program asking for data."""
    if request.method != "GET" or "query" in request.query_params:
        return False
    accept = request.headers.get("accept", "")
    return max(wishes(accept), key=lambda w: w[1], default=("", 0.0, {}))[0] == "text/html"


def explorer_page() -> Response:
    """The page; its script and style are files beside it."""
    return Response(_read("explorer.html"), 200, dict(_HEADERS), "text/html")


def explorer_file(name: str) -> Response:
    """One of ``FILES``."""
    return Response(_read(name), 200, dict(_HEADERS), FILES[name])


def _read(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()
