"""The built web app: hashed assets for ever, pages never, nothing inline."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

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
_IMMUTABLE = "public, max-age=31536000, immutable"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_WITHOUT_APP = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Let's Connect</title>
<h1>The API is running</h1>
<p>The web app is not built: it needs Node 20 or newer, then <code>scripts/run</code> builds it.</p>
<p>The graph is at <a href="/graphql">/graphql</a>.</p></html>
"""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    media_type: str
    etag: str
    immutable: bool
    encodings: dict[str, Path]


class Site:
    """Files of a folder, listed once; any other path without a dot is the app's one page.

    ``media`` are origins beside its own from which its pictures and films come. ``watched``, for development: the files
    are listed anew once another page was built.
    """

    def __init__(
        self, folder: Path | None = None, media: Sequence[str] = (), *, watched: bool = False
    ) -> None:
        self._folder, self._watched = folder, watched
        policy = _POLICY.format(elsewhere="".join(f" {origin}" for origin in media))
        self._headers = {"content-security-policy": policy, **_PAGE_HEADERS}
        self._built = _built(folder)
        self._files = _listed(folder) if folder and self._built else {}

    def serve(self, request: Request) -> Response | None:
        """The file or the page, or None where there is neither."""
        if self._watched:
            self._follow()
        path = request.url.path.lstrip("/")
        file = self._files.get(path)
        if file is None and "." not in path.rpartition("/")[2]:
            file = self._files.get("index.html")
            if file is None:
                found = path == ""
                return Response(_WITHOUT_APP, 200, dict(self._headers), "text/html") if found else None
        return self._answer(file, request) if file else None

    def _follow(self) -> None:
        built = _built(self._folder)
        # While a build goes on there is no page: what was there before is all that can be said.
        if self._folder and built and built != self._built:
            self._built, self._files = built, _listed(self._folder)

    def _answer(self, file: _File, request: Request) -> Response:
        headers = {**self._headers, "etag": file.etag, "vary": "Accept-Encoding"}
        headers["cache-control"] = _IMMUTABLE if file.immutable else "no-cache"
        if file.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        path = file.path
        accepted = {
            e.strip().partition(";")[0] for e in request.headers.get("accept-encoding", "").split(",")
        }
        for encoding, packed in file.encodings.items():
            if encoding in accepted:
                path, headers["content-encoding"] = packed, encoding
                break
        return Response(path.read_bytes(), 200, headers, file.media_type)


def _built(folder: Path | None) -> int:
    """When the page was, 0 where there is none."""
    try:
        return (folder / "index.html").stat().st_mtime_ns if folder else 0
    except FileNotFoundError:
        return 0


def _listed(folder: Path) -> dict[str, _File]:
    files = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in {".br", ".gz", ".map"}:
            name = path.relative_to(folder).as_posix()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:24]
            packed = {e: path.with_name(path.name + suffix) for e, suffix in _ENCODINGS.items()}
            files[name] = _File(
                path,
                mimetypes.guess_type(name)[0] or "application/octet-stream",
                f'"{digest}"',
                name.startswith("assets/"),
                {e: p for e, p in packed.items() if p.is_file()},
            )
    return files
