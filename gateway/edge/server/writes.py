"""An answer's head and what follows it at once leave in one write: each write costs more than all that makes a head."""

from __future__ import annotations

import asyncio

__all__ = ["JoinedWrites"]

_COPIED = 256 * 1024
"""Bytes that are sooner copied than written by themselves."""


class JoinedWrites:
    """A connection as one answer writes to it. Its first write waits for the second until the loop's next turn."""

    __slots__ = ("_first", "_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._first = True
        self._held = b""

    def write(self, data: bytes) -> None:
        if self._first:
            self._first = False
            self._held = data
            self._loop.call_soon(self.flush)
            return
        if self._held and len(data) <= _COPIED:
            data, self._held = self._held + data, b""
        self.flush()
        self._transport.write(data)

    def flush(self) -> None:
        """Write what waits."""
        if self._held:
            held, self._held = self._held, b""
            if not self._transport.is_closing():  # the client may have left meanwhile
                self._transport.write(held)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self.flush()
        self._transport.close()
