"""Frames cut out of the bytes as they come, and held to bounds before the library sees them.

RFC 9113, 4.1 and 10.5: a peer can be within the protocol and still cost without end. Frames that bring no answer on
are counted; header blocks, which must be decoded whole, are measured while they come.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.transport.http.failures import BadResponse, TooLarge

__all__ = ["FRAME_BYTES", "GOAWAY", "HEAD_BYTES", "Frame", "Frames"]

FRAME_BYTES = 16 * 1024
"""The most in one frame: what SETTINGS_MAX_FRAME_SIZE is where nobody says otherwise."""
HEAD_BYTES = 64 * 1024
"""Of an answer's headers, packed and unpacked."""
GOAWAY = 0x7
_HEADERS, _PUSH_PROMISE, _CONTINUATION = 0x1, 0x5, 0x9
_END_HEADERS = 0x4
_PREFIX = 9
_IDLE_FRAMES = 10_000


class Frame(NamedTuple):
    """One frame; ``raw`` is all of it, ``in_block`` whether it came amid a header block."""

    kind: int
    stream: int
    raw: bytes
    in_block: bool

    @property
    def payload(self) -> bytes:
        """What follows the nine bytes that every frame begins with."""
        return self.raw[_PREFIX:]


class Frames:
    """One connection's frames."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._block: int | None = None
        self._idle = 0

    def moved(self) -> None:
        """An answer or a request has come further: what was counted is forgiven."""
        self._idle = 0

    def cut(self, data: bytes) -> Iterator[Frame]:
        """Each frame that is whole now; raises BadResponse or TooLarge."""
        rest = self._rest
        rest += data
        while len(rest) >= _PREFIX:
            length = int.from_bytes(rest[:3], "big")
            if length > FRAME_BYTES:
                raise BadResponse("it did not answer in HTTP/2")
            if len(rest) < _PREFIX + length:
                return
            raw = bytes(rest[: _PREFIX + length])
            del rest[: _PREFIX + length]
            yield self._counted(raw, length)

    def _counted(self, raw: bytes, length: int) -> Frame:
        kind, flags, in_block = raw[3], raw[4], self._block is not None
        self._idle += 1
        if self._idle > _IDLE_FRAMES:
            raise BadResponse("it sends without end, and no answer")
        if kind in (_HEADERS, _PUSH_PROMISE, _CONTINUATION):
            self._block = (self._block or 0) + length
            if self._block > HEAD_BYTES:
                raise TooLarge("its headers are too large")
            if flags & _END_HEADERS:
                self._block = None
        return Frame(kind, int.from_bytes(raw[5:9], "big") & 0x7FFFFFFF, raw, in_block)
