"""Multipart requests (https://github.com/jaydenseric/graphql-multipart-request-spec), read as they arrive.

Files go to memory up to a mebibyte, beyond that to files without a name: nothing is left behind, however
the process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO, cast

import msgspec
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.requests import Request

from gateway.config import Guards
from gateway.edge.errors import RequestRefused
from gateway.edge.http.bodies import counted
from gateway.edge.operations.parameters import read_json

__all__ = ["read_multipart"]

_IN_MEMORY = 1 << 20
_FIELDS = ("operations", "map")
_MOST_PLACES = 100


@asynccontextmanager
async def read_multipart(request: Request, guards: Guards, turns: asyncio.Lock) -> AsyncIterator[Any]:
    """The decoded ``operations`` with files in their places; closed after the block. Raises RequestRefused.

    All that share ``turns`` take in one chunk of one of them at a time, other requests between, and what goes to a file
    on a thread.
    """
    form = _Form(guards)
    try:
        _, options = parse_options_header(request.headers.get("content-type", ""))
        boundary = options.get(b"boundary")
        if not boundary:
            raise _bad("The content type names no boundary.")
        parser = MultipartParser(boundary, form.callbacks())
        limit = guards.upload_bytes + guards.body_bytes
        async for chunk in counted(request, limit, guards.body_seconds, by_progress=True):
            async with turns:
                if form.spooled(len(chunk)):
                    await asyncio.to_thread(parser.write, chunk)
                else:
                    await asyncio.sleep(0)
                    parser.write(chunk)
        parser.finalize()
        if not form.ended:
            raise _bad("The request was not sent whole.")
        yield form.operations()
    except FormParserError as error:  # of its boundary, or of what is between two
        raise _bad("The multipart body is malformed.") from error
    finally:  # on a thread: a file is gone with its last byte, which a file system that is writing makes wait for
        await asyncio.to_thread(form.close)


class _Form:
    """Takes the parser's callbacks; the parts in the order the specification wants them."""

    def __init__(self, guards: Guards) -> None:
        self._guards = guards
        self._fields: dict[str, bytearray] = {}
        self._files: dict[str, UploadFile] = {}
        self._target: bytearray | BinaryIO | None = None
        self._size = 0
        self._headers: dict[str, str] = {}
        self._header = [bytearray(), bytearray()]
        self.ended = False

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._part_begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def operations(self) -> Any:
        """Raises RequestRefused where the map does not fit the operations and the files."""
        if "operations" not in self._fields:
            raise _bad("The part 'operations' is missing.")
        operations = read_json(bytes(self._fields["operations"]))
        places = self._map()
        for name, paths in places.items():
            file = self._files.get(name)
            if file is None:
                raise _bad(f"The file {name!r} of the map was not sent.")
            for path in paths:
                _place(operations, path, file)
        unplaced = set(self._files) - set(places)
        if unplaced:
            raise _bad(f"The map has no place for the file {min(unplaced)!r}.")
        return operations

    def spooled(self, more: int) -> bool:
        """Whether so many bytes more may be written to a file."""
        return self._size + more > _IN_MEMORY

    def close(self) -> None:
        for file in self._files.values():
            with contextlib.suppress(OSError):
                file.file.close()

    def _map(self) -> dict[str, list[str]]:
        try:
            places = msgspec.json.decode(bytes(self._fields.get("map", b"{}")), type=dict[str, list[str]])
        except msgspec.DecodeError as error:
            raise _bad("'map' is an object with a list of places for each file.") from error
        flat = [path for paths in places.values() for path in paths]
        if len(flat) != len(set(flat)) or len(flat) > _MOST_PLACES or not all(places.values()):
            raise _bad("'map' has each place once, and at least one place for each file.")
        return places

    def _part_begin(self) -> None:
        self._headers, self._target, self._size = {}, None, 0

    def _header_end(self) -> None:
        name, value = (part.decode("latin-1") for part in self._header)
        self._headers[name.lower()] = value
        self._header = [bytearray(), bytearray()]
        if len(self._headers) > 16 or len(value) > 4096:
            raise _bad("A part has too many headers.")

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name in _FIELDS and name not in self._fields and not self._files:
            self._target = self._fields[name] = bytearray()
        elif name and name not in _FIELDS and name not in self._files:
            self._target = self._open(name, options.get(b"filename", b"").decode("utf-8", "replace"))
        else:
            raise _bad("The parts are 'operations', 'map', and then each file once.")

    def _open(self, name: str, filename: str) -> BinaryIO:
        if len(self._files) >= self._guards.upload_files:
            message = f"A request has at most {self._guards.upload_files} files."
            raise RequestRefused(413, "TOO_MANY_FILES", message, {"connection": "close"})
        spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - closed by close()
        kind = self._headers.get("content-type", "application/octet-stream")
        self._files[name] = UploadFile(
            spool, filename=filename, headers=Headers({"content-type": kind}), size=0
        )
        self._current = self._files[name]
        return spool

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        self._size += len(piece)
        if isinstance(self._target, bytearray):
            if self._size > self._guards.body_bytes:
                raise RequestRefused(413, "PAYLOAD_TOO_LARGE", "'operations' or 'map' is too large.")
            self._target.extend(piece)
        elif self._target is not None:
            if self._size > self._guards.upload_bytes:
                megabytes = self._guards.upload_bytes >> 20
                message = f"A file has at most {megabytes} MiB."
                raise RequestRefused(413, "PAYLOAD_TOO_LARGE", message, {"connection": "close"})
            self._target.write(piece)

    def _part_end(self) -> None:
        if self._target is not None and not isinstance(self._target, bytearray):
            self._current.size = self._size
            self._target.seek(0)

    def _end(self) -> None:
        self.ended = True


def _place(operations: Any, path: str, file: UploadFile) -> None:
    """Put the file where the path (``variables.file``, ``0.variables.files.1``) has a null."""
    keys = path.split(".")
    try:
        target = operations
        for key in keys[:-1]:
            target = target[int(key)] if isinstance(target, list) else target[key]
        last: Any = int(keys[-1]) if isinstance(target, list) else keys[-1]
        if last == "" or (isinstance(last, int) and last < 0) or target[last] is not None:
            raise LookupError(path)
        target[last] = file
    except (LookupError, TypeError, ValueError) as error:
        raise _bad(f"The place {path!r} of the map is not a null in the operations.") from error


def _bad(message: str) -> RequestRefused:
    return RequestRefused(400, "BAD_MULTIPART_REQUEST", message)
