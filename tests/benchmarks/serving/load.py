"""Requests over connections that are kept: as many at a time as there are connections."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

__all__ = ["fetch", "load"]


async def load(url: str, requests: int, connections: int) -> None:
    """So many requests over so many connections. Raises RuntimeError on an answer that is not 200."""
    await asyncio.gather(*(_connection(url, requests // connections) for _ in range(connections)))


async def fetch(url: str) -> bytes:
    """One answer's body."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    body = await _request(reader, writer, url)
    writer.close()
    return body


async def _connection(url: str, requests: int) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for _ in range(requests):
        await _request(reader, writer, url)
    writer.close()


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str) -> bytes:
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    writer.write(f"GET {target} HTTP/1.1\r\nhost: {parts.netloc}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode())
    if b"transfer-encoding: chunked" in head:
        return await _chunked(reader)
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).strip(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
