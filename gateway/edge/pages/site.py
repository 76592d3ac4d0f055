"""The built web app: its files, its one page for every path, nothing inline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.pages.files import Files

__all__ = ["Site"]

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{elsewhere}; "
    "media-src 'self' blob:{elsewhere}; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_PAGE_HEADERS = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_WITHOUT_APP = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Let's Connect</title>
<h1>The API is running</h1>
<p>The web app is not built: it needs Node 20 or newer, then <code>scripts/run</code> builds it.</p>
<p>The graph is at <a href="/graphql">/graphql</a>.</p></html>
"""


class Site:
    """Files of a folder, listed once; any other path without a dot is the app's one page.

    ``media`` are origins beside its own from which its pictures and films come. ``watched``, for development: the files
    are listed anew once another page was built.
    """

    def __init__(
        self, folder: Path | None = None, media: Sequence[str] = (), *, watched: bool = False
    ) -> None:
        policy = _POLICY.format(elsewhere="".join(f" {origin}" for origin in media))
        self._headers = {"content-security-policy": policy, **_PAGE_HEADERS}
        self._files = Files(folder, self._headers, watched=watched)

    def serve(self, request: Request) -> Response | None:
        """The file or the page, or None where there is neither."""
        path = request.url.path.lstrip("/")
        file = self._files.answer(path, request)
        if file is None and "." not in path.rpartition("/")[2]:
            file = self._files.answer("index.html", request)
            if file is None and path == "":
                return Response(_WITHOUT_APP, 200, dict(self._headers), "text/html")
        return file
