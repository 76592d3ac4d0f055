"""What every store can do, and the names objects may have."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from media_core.errors import MediaError

__all__ = [
    "CHUNK",
    "DirectTerms",
    "DirectUpload",
    "InvalidKey",
    "ObjectInfo",
    "ObjectMissing",
    "ObjectSource",
    "ObjectStore",
    "StorageError",
    "StorageUnavailable",
    "checked_key",
    "checked_range",
]

CHUNK = 256 * 1024

ObjectSource: TypeAlias = bytes | Path | AsyncIterable[bytes]

_KEY = re.compile(r"(?=.{1,200}\Z)[A-Za-z0-9_][A-Za-z0-9._=-]*(/[A-Za-z0-9_][A-Za-z0-9._=-]*)*")


class StorageError(MediaError):
    """The base of what a store raises."""


class ObjectMissing(StorageError):
    """There is no such object."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no object {key}")
        self.key = key


class InvalidKey(StorageError, ValueError):
    """Not a name an object may have."""


class StorageUnavailable(StorageError):
    """The store cannot be reached or cannot take more; the message says which and where, never a secret."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What is known of an object without reading it."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class DirectTerms:
    """What a client may put itself, and until when. A store may fail to hold it to them: check what came."""

    method: Literal["PUT", "POST"]
    size: int
    content_type: str
    seconds: int


@dataclass(frozen=True, slots=True)
class DirectUpload:
    """How a client puts an object itself."""

    method: Literal["PUT", "POST"]
    url: str
    headers: Mapping[str, str]
    """To be sent with it."""
    fields: Mapping[str, str]
    """Of a form, before the field ``file``."""


class ObjectStore(Protocol):
    """Objects are written whole or not at all, and replaced at once; no reader ever sees a half one."""

    async def start(self) -> None:
        """Makes the place ready, clears what a crash left, or raises :class:`StorageUnavailable`."""

    async def put(
        self, key: str, source: ObjectSource, *, content_type: str = "application/octet-stream"
    ) -> ObjectInfo:
        """Stores all of ``source``; once this returns it survives a crash. If ``source`` fails, nothing changes."""

    def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``start`` up to ``end``; the first step raises :class:`ObjectMissing`."""

    async def read(self, key: str) -> bytes:
        """All of a small object."""

    async def stat(self, key: str) -> ObjectInfo | None:
        """None when there is no such object."""

    async def exists(self, key: str) -> bool:
        """Whether there is such an object."""

    async def delete(self, key: str) -> None:
        """Gone afterwards, whether or not it was there."""

    def list(self, prefix: str = "") -> AsyncIterator[ObjectInfo]:
        """Every object whose key begins so, in no particular order."""

    def local(self, key: str) -> Path | None:
        """Where the object lies as a file, for a store that keeps files; the file may be missing."""

    async def direct(self, key: str, terms: DirectTerms) -> DirectUpload | None:
        """An address at which a client may put this object without us; None for a store that has none."""

    async def close(self) -> None:
        """Lets go of threads and connections."""


def checked_key(key: str) -> str:
    """The key, if it is one: segments of letters, digits, ``._=-``, none beginning with a dot."""
    if not _KEY.fullmatch(key):
        raise InvalidKey(f"not a key: {key[:80]!r}")
    return key


def checked_range(start: int, end: int | None) -> int | None:
    """How many bytes to read at most; None is to the end."""
    if start < 0 or (end is not None and end < start):
        raise ValueError(f"not a range: {start} to {end}")
    return None if end is None else end - start
