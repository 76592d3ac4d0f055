"""The directory that holds everything: one owner at a time, private places in it, secrets of mode 600."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from infra.errors import CommandError

__all__ = ["Home", "alone_in", "write_private"]

_LONGEST_SOCKET_PATH = 107
_LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"


class Home:
    """One LETS_CONNECT_HOME. Making it creates the directory; ``lock`` makes this process its owner."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._lock: int | None = None
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path = self.path.resolve()
            self.directory("keys")
        except OSError as error:
            raise CommandError(
                f"LETS_CONNECT_HOME {self.path} cannot be used: {error.strerror or error}; "
                "name a directory this account can write, for example LETS_CONNECT_HOME=~/.lets-connect"
            ) from error

    @property
    def mark(self) -> str:
        """A short name that no other HOME on this machine has."""
        return f"lets-connect-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]}"

    def directory(self, name: str) -> Path:
        """A directory under HOME, for this account alone."""
        path = self.path / name
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)
        return path

    def lock(self) -> None:
        """Become the owner, or say who is. The kernel ends the ownership with the process."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 32, 0).decode().strip()
            os.close(descriptor)
            raise CommandError(
                f"{self.path} is in use by process {owner or '(unknown)'}; "
                "stop that one, or give this one another LETS_CONNECT_HOME (and PORT)"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._lock = descriptor
        _HELD.add(self)

    @property
    def locked(self) -> bool:
        """Whether some process, this one included, owns it now."""
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            finally:
                os.close(descriptor)
        return False

    def unlock(self) -> None:
        """Let others have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def make_sockets(self) -> Path:
        """A directory of mode 700 for sockets, empty and short enough: HOME/run, or one under the system's own."""
        self.remove_sockets()
        path = self.path / "run"
        if len(os.fsencode(path)) + len(_LONGEST_SOCKET_NAME) > _LONGEST_SOCKET_PATH:
            path = Path(tempfile.mkdtemp(prefix="lets-connect-"))
            if len(os.fsencode(path)) + len(_LONGEST_SOCKET_NAME) > _LONGEST_SOCKET_PATH:
                path.rmdir()
                path = Path(tempfile.mkdtemp(prefix="lets-connect-", dir="/tmp"))
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)
        (self.path / "sockets").write_text(str(path))
        return path

    def sockets(self) -> Path:
        """Where the running servers' sockets are."""
        with contextlib.suppress(OSError):
            return Path((self.path / "sockets").read_text())
        return self.path / "run"

    def remove_sockets(self) -> None:
        """Clear away the sockets' directory of this or an earlier run."""
        path = self.sockets()
        ours = path.name.startswith("lets-connect-") or path == self.path / "run"
        with contextlib.suppress(OSError):
            if ours and path.lstat().st_uid == os.geteuid():
                shutil.rmtree(path, ignore_errors=True)
        (self.path / "sockets").unlink(missing_ok=True)

    def passwords(self, server: str) -> dict[str, str]:
        """The passwords kept for a server, by role."""
        path = self.path / "keys" / f"{server}.json"
        try:
            if path.stat().st_mode & 0o077:
                raise CommandError(
                    f"{path} can be read by others; its passwords are no secret: chmod 600 {path}"
                )
            return {str(role): str(word) for role, word in json.loads(path.read_text()).items()}
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise CommandError(f"{path} is damaged ({error}); restore it from a backup") from error

    def add_passwords(self, server: str, roles: list[str]) -> dict[str, str]:
        """The same, with a new random one for each role that has none yet."""
        with alone_in(self.path / "keys"):
            known = self.passwords(server)
            missing = [role for role in roles if role not in known]
            if missing:
                known |= {role: secrets.token_hex(24) for role in missing}
                write_private(self.path / "keys" / f"{server}.json", json.dumps(known, indent=1).encode())
        return known

    def forget_passwords(self, server: str) -> None:
        """Drop all of them."""
        (self.path / "keys" / f"{server}.json").unlink(missing_ok=True)


@contextlib.contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Only one at a time: to look whether a file is there and make it, as processes that start together all do."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_private(path: Path, content: bytes) -> None:
    """Replace a file of mode 600 at once: a reader sees the old or the new, never a part."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)


_HELD: weakref.WeakSet[Home] = weakref.WeakSet()


def _unlock_all() -> None:
    for home in list(_HELD):
        home.unlock()


# A lock belongs to every process that shares the open file: a forked worker must not keep it alive.
os.register_at_fork(after_in_child=_unlock_all)
