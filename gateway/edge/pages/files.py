"""Files of a folder, listed once: hashed assets for ever, compressed beforehand where they were."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Files"]

_IMMUTABLE = "public, max-age=31536000, immutable"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    media_type: str
    etag: str
    immutable: bool
    encodings: dict[str, Path]


class Files:
    """What lies in ``folder``, where a page was built, all of it answered with ``headers``; under ``assets/`` names hold
    hashes.

    ``watched``, for development: it is listed anew once another page was built.
    """

    def __init__(self, folder: Path | None, headers: Mapping[str, str], *, watched: bool = False) -> None:
        self._folder, self._headers, self._watched = folder, headers, watched
        self._built = _built(folder)
        self._files = _listed(folder) if folder and self._built else {}

    def answer(self, name: str, request: Request) -> Response | None:
        """The file of that name, or None where there is none."""
        if self._watched:
            self._follow()
        file = self._files.get(name)
        if file is None:
            return None
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

    def _follow(self) -> None:
        built = _built(self._folder)
        # While a build goes on there is no page: what was there before is all that can be said.
        if self._folder and built and built != self._built:
            self._built, self._files = built, _listed(self._folder)


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
