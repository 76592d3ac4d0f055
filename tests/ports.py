"""Ports for servers that tests start: below those that the system gives to outgoing connections."""

from __future__ import annotations

import random
import socket

__all__ = ["free_ports"]

_FIRST, _LAST = 10_000, 32_000
"""Linux gives out those from 32,768 on; one of them may be taken again before a server has it."""


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that nobody listens on."""
    while True:
        first = random.randrange(_FIRST, _LAST - count)  # noqa: S311 - no secret
        if all(_free(first + n) for n in range(count)):
            return first


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
