"""Uploads on to a subgraph: the GraphQL multipart request spec, files streamed in chunks.

https://github.com/jaydenseric/graphql-multipart-request-spec
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile

from gateway import jsontext

__all__ = ["MultipartBody", "find_uploads", "multipart_body"]

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class MultipartBody:
    """A body to stream; ``length`` is None where a file does not know its size."""

    content_type: str
    length: int | None
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class _Part:
    head: bytes
    file: UploadFile


def find_uploads(variables: Mapping[str, Any]) -> list[tuple[str, UploadFile]]:
    """Every upload among the variables with its place, such as ``variables.input.file``."""
    found: list[tuple[str, UploadFile]] = []
    for name, value in variables.items():
        _find(value, f"variables.{name}", found)
    return found


def _find(value: Any, path: str, found: list[tuple[str, UploadFile]]) -> None:
    if isinstance(value, UploadFile):
        found.append((path, value))
    elif isinstance(value, dict):
        for key, item in value.items():
            _find(item, f"{path}.{key}", found)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _find(item, f"{path}.{index}", found)


def multipart_body(operation: Mapping[str, Any], uploads: list[tuple[str, UploadFile]]) -> MultipartBody:
    """The request for ``operation``; a file at several places is sent once."""
    boundary = secrets.token_hex(16)
    places: dict[int, list[str]] = {}
    files: dict[int, UploadFile] = {}
    for path, file in uploads:
        places.setdefault(id(file), []).append(path)
        files[id(file)] = file
    names = {str(number): paths for number, paths in enumerate(places.values())}
    opening = _field(boundary, "operations", jsontext.encode(_without_files(operation)))
    opening += _field(boundary, "map", jsontext.encode(names))
    parts = [_Part(_file_head(boundary, str(n), file), file) for n, file in enumerate(files.values())]
    closing = f"--{boundary}--\r\n".encode()
    sizes = [part.file.size for part in parts]
    length = None
    if all(size is not None for size in sizes):
        length = len(opening) + len(closing)
        length += sum(len(part.head) + (part.file.size or 0) + 2 for part in parts)
    content_type = f"multipart/form-data; boundary={boundary}"
    return MultipartBody(content_type, length, _chunks(opening, parts, closing))


def _without_files(value: Any) -> Any:
    if isinstance(value, UploadFile):
        return None
    if isinstance(value, Mapping):
        return {key: _without_files(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_files(item) for item in value]
    return value


def _field(boundary: str, name: str, value: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


def _file_head(boundary: str, name: str, file: UploadFile) -> bytes:
    given = (file.filename or "file").translate({34: "%22", 13: "%0D", 10: "%0A"})
    kind = file.content_type or "application/octet-stream"
    if not kind.isprintable():
        kind = "application/octet-stream"
    lines = [
        f"--{boundary}",
        f'Content-Disposition: form-data; name="{name}"; filename="{given}"',
        f"Content-Type: {kind}",
    ]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace")


async def _chunks(opening: bytes, parts: list[_Part], closing: bytes) -> AsyncIterator[bytes]:
    yield opening
    for part in parts:
        yield part.head
        await part.file.seek(0)
        while chunk := await part.file.read(_CHUNK):
            yield chunk
        yield b"\r\n"
    yield closing
