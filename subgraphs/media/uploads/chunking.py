"""Cutting a stream of bytes into pieces that can each be stored, and counted, by itself."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

__all__ = ["CHECKSUMS", "Checksum", "Cutter"]

CHECKSUMS = ("sha1", "sha256", "sha512", "md5")
"""Algorithms of ``Upload-Checksum`` (tus 1.0, Checksum): against accidents, not attackers."""
_WORTH_A_THREAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must come to."""

    algorithm: str
    digest: bytes


class Cutter:
    """Reads a stream once, as pieces of at most so many bytes, never holding more than a chunk of it."""

    def __init__(self, stream: AsyncIterator[bytes], limit: int, checksum: Checksum | None = None) -> None:
        self._stream = stream
        self._rest = b""
        self._left = limit
        self._checksum = checksum
        self._digest: Any = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
        self.piece_bytes = 0
        """Of the piece that was read last."""

    @property
    def whole(self) -> bool:
        """Whether what was read is what the checksum says."""
        return self._checksum is None or self._digest.digest() == self._checksum.digest

    async def more(self) -> bool:
        """Whether there is another byte within the limit."""
        return self._left > 0 and await self._filled()

    async def over(self) -> bool:
        """Whether there are bytes beyond the limit."""
        return self._left == 0 and await self._filled()

    async def piece(self, most: int) -> AsyncIterator[bytes]:
        """The next bytes, as they come."""
        self.piece_bytes = 0
        while self.piece_bytes < most and await self.more():
            size = min(most - self.piece_bytes, self._left)
            chunk, self._rest = self._rest[:size], self._rest[size:]
            self._left -= len(chunk)
            self.piece_bytes += len(chunk)
            await self._digested(chunk)
            yield chunk

    async def _filled(self) -> bool:
        while not self._rest:
            chunk = await anext(self._stream, None)
            if chunk is None:
                return False
            self._rest = chunk
        return True

    async def _digested(self, chunk: bytes) -> None:
        if self._digest is None:
            return
        if len(chunk) < _WORTH_A_THREAD:
            self._digest.update(chunk)
        else:
            await asyncio.to_thread(self._digest.update, chunk)
