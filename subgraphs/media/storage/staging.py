"""Where an upload lies while it is worked on: a file of its own, gone afterwards however that ends."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import uuid4

from media_core.storage import ObjectStore

__all__ = ["Joined", "Readable", "Staged", "Staging", "TooLarge"]

_CHUNK = 1 << 20
_ABANDONED = 3600.0


class Readable(Protocol):
    """What an upload is to us: Starlette's ``UploadFile`` is one."""

    async def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        ...


class Joined:
    """Objects read one after another."""

    def __init__(self, store: ObjectStore, keys: Sequence[str]) -> None:
        self._chunks = self._read(store, keys)

    async def read(self, size: int = -1) -> bytes:
        """The next chunk, whatever its size."""
        return await anext(self._chunks, b"")

    async def _read(self, store: ObjectStore, keys: Sequence[str]) -> AsyncIterator[bytes]:
        for key in keys:
            async for chunk in store.open(key):
                yield chunk


class TooLarge(Exception):
    """More bytes than the limit."""


@dataclass(frozen=True, slots=True)
class Staged:
    """An upload as a file."""

    path: Path
    bytes: int
    sha256: str


class Staging:
    """A folder of uploads in work. What a crash left there is swept away at the next start."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def start(self) -> None:
        """Make the folder, and remove what was left in it."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._folder.glob("*.part"):
            if time.time() - left.stat().st_mtime > _ABANDONED or not _alive(left):
                left.unlink(missing_ok=True)

    @asynccontextmanager
    async def staged(self, upload: Readable) -> AsyncIterator[Staged]:
        """The upload as a file, for the length of the block. Raises TooLarge."""
        path = self._folder / f"{os.getpid()}-{uuid4().hex}.part"
        try:
            yield await self._copy(upload, path)
        finally:  # on a thread: a file system that is writing makes it wait
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _copy(self, upload: Readable, path: Path) -> Staged:
        digest, size = hashlib.sha256(), 0
        with await asyncio.to_thread(path.open, "xb") as file:
            while chunk := await upload.read(_CHUNK):
                size += len(chunk)
                if size > self._limit:
                    raise TooLarge
                await asyncio.to_thread(_keep, chunk, file, digest)
        return Staged(path, size, digest.hexdigest())


def _keep(chunk: bytes, file: IO[bytes], digest: Any) -> None:
    """Both let the interpreter's lock go: the loop goes on meanwhile."""
    digest.update(chunk)
    file.write(chunk)


def _alive(left: Path) -> bool:
    """Whether the process that staged it still runs."""
    pid = left.name.partition("-")[0]
    return pid.isdigit() and int(pid) != os.getpid() and Path(f"/proc/{pid}").exists()
