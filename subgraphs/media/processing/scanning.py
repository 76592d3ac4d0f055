"""Asking a scanner about an upload before anything of it is stored where it could be served.

ClamAV's INSTREAM (clamd(8)): ``zINSTREAM\\0``, chunks with their length as four bytes before them, an empty one at
the end; the answer is ``stream: OK``, ``stream: NAME FOUND`` or an error. Whatever is not a clean ``OK`` lets
nothing through.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

__all__ = ["ClamScanner", "Scanner", "ScannerAway", "scanner_at"]

_log = logging.getLogger(__name__)
_CHUNK = 128 * 1024
_SECONDS = 120.0
_AT_ONCE = 4
_LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """No verdict: the scanner cannot be reached, is too slow, or will not say."""


class Scanner(Protocol):
    """Judges files."""

    async def scan(self, path: Path) -> str | None:
        """The name of what was found, or None for a clean file. Raises ScannerAway."""
        ...


class ClamScanner:
    """A clamd, over TCP or a Unix socket: one connection a file, a few at once."""

    def __init__(self, url: str, *, seconds: float = _SECONDS) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port or 3310
        self._socket = parts.path if parts.scheme == "unix" else None
        self._seconds = seconds
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def scan(self, path: Path) -> str | None:
        async with self._slots:
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await self._ask(path)
            except (OSError, TimeoutError, EOFError) as error:
                raise ScannerAway(f"the scanner did not answer: {type(error).__name__}") from error
        return _verdict(answer)

    async def _ask(self, path: Path) -> str:
        reader, writer = await self._connect()
        try:
            with suppress(ConnectionError):  # it may have answered before it had read everything
                await _send(writer, path)
            answer = await reader.read(_LONGEST_ANSWER)
            return answer.decode("utf-8", "replace").strip("\0\n ")
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._socket is not None:
            return await asyncio.open_unix_connection(self._socket)
        return await asyncio.open_connection(self._host, self._port)


def scanner_at(url: str | None) -> Scanner | None:
    """``tcp://HOST:PORT`` or ``unix:///PATH``; none where none is set."""
    return None if url is None else ClamScanner(url)


async def _send(writer: asyncio.StreamWriter, path: Path) -> None:
    writer.write(b"zINSTREAM\0")
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            writer.write(len(chunk).to_bytes(4, "big") + chunk)
            await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


def _verdict(answer: str) -> str | None:
    if answer == "stream: OK":
        return None
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    _log.error("the scanner gave no verdict: %r", answer[:200])
    raise ScannerAway("the scanner gave no verdict")
