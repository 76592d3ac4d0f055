"""Objects as files: sharded folders, and a rename as the moment of truth."""

from __future__ import annotations

import asyncio
import builtins
import hashlib
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from media_core.storage.protocol import (
    CHUNK,
    DirectTerms,
    DirectUpload,
    ObjectInfo,
    ObjectMissing,
    ObjectSource,
    StorageUnavailable,
    checked_key,
    checked_range,
)
from media_core.storage.temporary import TemporaryFile, is_temporary, sweep

__all__ = ["DiskStore"]

_SLASH = "+"  # no key has it, so that a/b and a+b cannot meet, and every object is one file in its shard


class DiskStore:
    """A folder of ours. Several processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def start(self) -> None:
        """Makes the folder and removes temporary files whose writer is dead."""
        with self._failing():
            await asyncio.to_thread(self._start)

    async def put(
        self, key: str, source: ObjectSource, *, content_type: str = "application/octet-stream"
    ) -> ObjectInfo:
        """Writes a temporary file beside the target, syncs it, renames it, syncs the folder."""
        target = self._path(key)
        if isinstance(source, bytes | Path):
            size = await asyncio.to_thread(self._put_now, target, source)
        else:
            size = await self._put_stream(target, source)
        return ObjectInfo(key, size, datetime.now(UTC))

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Reads in chunks on a thread; closing the iterator closes the file."""
        left = checked_range(start, end)
        try:
            file = await asyncio.to_thread(_opened_at, self._path(key), start)
        except FileNotFoundError:
            raise ObjectMissing(key) from None
        try:
            while left is None or left > 0:
                chunk = await asyncio.to_thread(file.read, CHUNK if left is None else min(CHUNK, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk
        finally:
            file.close()

    async def read(self, key: str) -> bytes:
        """All of a small object."""
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except FileNotFoundError:
            raise ObjectMissing(key) from None

    async def stat(self, key: str) -> ObjectInfo | None:
        """None when there is no such file."""
        return await asyncio.to_thread(_info, key, self._path(key))

    async def exists(self, key: str) -> bool:
        """Whether there is such a file."""
        return await self.stat(key) is not None

    async def delete(self, key: str) -> None:
        """Unlinks the file; readers that have it open read on."""
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    async def list(self, prefix: str = "") -> AsyncIterator[ObjectInfo]:
        """Walks the shards, one folder at a time."""
        for shard in await asyncio.to_thread(self._shards):
            for info in await asyncio.to_thread(_listed, shard, prefix):
                yield info

    def local(self, key: str) -> Path | None:
        """The file itself."""
        return self._path(key)

    async def direct(self, key: str, terms: DirectTerms) -> DirectUpload | None:
        """None: only this process writes here."""
        return None

    async def close(self) -> None:
        """Nothing is held."""

    def _path(self, key: str) -> Path:
        name = checked_key(key).replace("/", _SLASH)
        shard = hashlib.sha256(name.encode()).hexdigest()[:2]
        return self.root / shard / name

    def _shards(self) -> builtins.list[Path]:
        return (
            [path for path in self.root.glob("[0-9a-f][0-9a-f]") if path.is_dir()]
            if self.root.is_dir()
            else []
        )

    def _start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for shard in self._shards():
            sweep(shard)

    def _put_now(self, target: Path, source: bytes | Path) -> int:
        with self._failing():
            writer = TemporaryFile(target)
        try:
            if isinstance(source, bytes):
                with self._failing():
                    writer.file.write(source)
            else:
                with source.open("rb") as file, self._failing():
                    shutil.copyfileobj(file, writer.file, 1 << 20)
            with self._failing():
                return writer.commit()
        finally:
            writer.discard()

    async def _put_stream(self, target: Path, source: AsyncIterable[bytes]) -> int:
        with self._failing():
            writer = await asyncio.to_thread(TemporaryFile, target)
        try:
            async for chunk in source:
                with self._failing():
                    await asyncio.to_thread(writer.file.write, chunk)
            with self._failing():
                return await asyncio.to_thread(writer.commit)
        finally:
            writer.discard()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """The disk's errors are ours; those of whoever sends the bytes stay theirs."""
        try:
            yield
        except OSError as error:
            raise StorageUnavailable(f"object folder {self.root}: {error.strerror}") from error


def _opened_at(path: Path, start: int) -> IO[bytes]:
    file = path.open("rb", buffering=0)
    file.seek(start)
    return file


def _info(key: str, path: Path) -> ObjectInfo | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return ObjectInfo(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _listed(shard: Path, prefix: str) -> builtins.list[ObjectInfo]:
    keys = ((path.name.replace(_SLASH, "/"), path) for path in shard.iterdir() if not is_temporary(path))
    infos = (_info(key, path) for key, path in keys if key.startswith(prefix))
    return [info for info in infos if info is not None]
