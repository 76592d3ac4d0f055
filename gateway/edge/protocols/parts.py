"""Answers in parts as multipart/mixed (https://github.com/graphql/graphql-over-http/blob/main/rfcs/IncrementalDelivery.md)."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from starlette.responses import Response

from gateway import jsontext
from gateway.edge.http.accept import JSON, MULTIPART, Wish
from gateway.edge.http.responses import respond
from gateway.edge.streaming import Streamed
from gateway.execution import Format

__all__ = ["in_parts"]

_HEAD = f"\r\ncontent-type: {JSON}; charset=utf-8\r\n\r\n".encode()
_DELIMITER = b"\r\n---"
_END = b"--\r\n"


async def in_parts(first: dict[str, Any], answers: AsyncIterator[dict[str, Any]], wish: Wish) -> Response:
    """The parts as they come, the ``first`` being there; one answer in the plain type where nothing is deferred."""
    if wish.parts is None or (not first.get("hasNext") and wish.plain):
        await answers.aclose()  # type: ignore[attr-defined] # an async generator
        return respond(first, wish.type_)
    return Streamed(_framed(first, answers), _content_type(wish.parts))


def _content_type(format_: Format) -> str:
    version = f"; deferSpec={format_}" if format_ != "draft" else ""
    return f'{MULTIPART}; boundary="-"{version}'


async def _framed(
    first: dict[str, Any], answers: AsyncIterator[dict[str, Any]]
) -> AsyncGenerator[bytes, None]:
    async with contextlib.aclosing(answers):  # type: ignore[type-var] # an async generator
        yield _DELIMITER + _part({**first, "hasNext": first.get("hasNext", False)})
        async for answer in answers:
            yield _part(answer)
        yield _END


def _part(answer: dict[str, Any]) -> bytes:
    """With the delimiter after it: only by that a client knows that the part is whole."""
    return _HEAD + jsontext.encode(answer) + _DELIMITER
