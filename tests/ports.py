"""Ports for servers that tests start: below those that the system gives to outgoing connections."""

from __future__ import annotations

import os
import random
import socket

__all__ = ["free_ports"]

_FIRST, _LAST = 10_000, 32_000
"""Linux gives out those from 32,768 on; one of them may be taken again before a server has it."""


class _Ports:
    """One test process's share of them, one after the other: what was given may have no listener for a minute yet."""

    def __init__(self, worker: int, workers: int) -> None:
        share = (_LAST - _FIRST) // workers
        self._first = _FIRST + worker * share
        self._last = self._first + share
        self._next = random.randrange(self._first, self._last)  # noqa: S311 - no secret

    def take(self, count: int) -> int:
        """The first of so many in a row."""
        first = self._next if self._next + count <= self._last else self._first
        self._next = first + count
        return first


_ports = _Ports(
    int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")),
    int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")),
)


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that nobody listens on."""
    while True:
        first = _ports.take(count)
        if all(_free(first + n) for n in range(count)):
            return first


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
