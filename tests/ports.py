"""Ports for servers that tests start: below those that the system gives to outgoing connections, and nobody else's.

Between the choice of a port and a server on it there may be a minute, where the machine is busy. So each test process has a
share of them for itself, other runs of tests on the same machine included, for as long as it lives.
"""

from __future__ import annotations

import fcntl
import functools
import os
import random
import socket
import tempfile
from pathlib import Path

__all__ = ["free_ports"]

_FIRST, _LAST = 10_000, 32_000
"""Linux gives out those from 32,768 on; one of them may be taken again before a server has it."""


_SHARES = 44
"""Of 500 ports each."""
_held: list[int] = []
"""The locks on shares: the system gives them back when this process and those that it forked are gone."""


class _Ports:
    """A share, one port after the other: what was given may have no listener for a minute yet."""

    def __init__(self) -> None:
        size = (_LAST - _FIRST) // _SHARES
        self._first = _FIRST + _share() * size
        self._last = self._first + size
        self._next = self._first

    def take(self, count: int) -> int:
        """The first of so many in a row."""
        first = self._next if self._next + count <= self._last else self._first
        self._next = first + count
        return first


def _share() -> int:
    """One that no other test process has."""
    folder = Path(tempfile.gettempdir()) / f"lets-connect-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for share in random.sample(range(_SHARES), _SHARES):
        lock = os.open(folder / str(share), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            _held.append(lock)
            return share
    raise RuntimeError(f"{_SHARES} test processes have all ports of tests: {folder}")


@functools.cache
def _ports() -> _Ports:
    return _Ports()


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that nobody listens on."""
    while True:
        first = _ports().take(count)
        if all(_free(first + n) for n in range(count)):
            return first


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
