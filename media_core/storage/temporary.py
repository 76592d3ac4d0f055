"""A file that becomes its target whole or leaves nothing, also when its writer is killed."""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO

__all__ = ["TemporaryFile", "is_temporary", "sweep"]

_PREFIX = ".tmp-"


class TemporaryFile:
    """Locked for as long as its writer lives, which is how :func:`sweep` tells the dead from the slow."""

    def __init__(self, target: Path) -> None:
        self._target = target
        folder = target.parent
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _sync(folder.parent)
        self.file, self._path = _locked(folder)

    def commit(self) -> int:
        """Syncs, renames over the target, syncs the folder; returns the size."""
        self.file.flush()
        os.fsync(self.file.fileno())
        size = os.fstat(self.file.fileno()).st_size
        self._path.rename(self._target)
        _sync(self._target.parent)
        return size

    def discard(self) -> None:
        """After :meth:`commit` nothing but closing; before it, the file is gone."""
        with suppress(FileNotFoundError):
            self._path.unlink()
        self.file.close()


def is_temporary(path: Path) -> bool:
    """Whether this is one of ours, half written."""
    return path.name.startswith(_PREFIX)


def sweep(folder: Path) -> None:
    """Removes what dead writers left."""
    for path in folder.glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _locked(folder: Path) -> tuple[IO[bytes], Path]:
    """A new file under lock; made again if a sweep came between the making and the lock."""
    while True:
        path = folder / f"{_PREFIX}{secrets.token_hex(8)}"
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file, path
        file.close()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
