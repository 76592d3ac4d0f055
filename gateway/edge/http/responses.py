"""An answer, encoded in the media type that was agreed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from gateway import jsontext

__all__ = ["respond"]


def respond(answer: Any, type_: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The answer in the type agreed on."""
    content_type = f"{type_}; charset=utf-8"
    if headers:
        return Response(jsontext.encode(answer), status, dict(headers), content_type)
    return _Answer(jsontext.encode(answer), status, content_type)


class _Answer(Response):
    """Starlette's, with the two headers that each answer has."""

    def __init__(self, body: bytes, status: int, content_type: str) -> None:
        self.status_code = status
        self.background = None
        self.body = body
        self.raw_headers = [
            (b"content-length", b"%d" % len(body)),
            (b"content-type", content_type.encode("latin-1")),
        ]
