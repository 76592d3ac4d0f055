"""The boxes of ISO base media files (ISO/IEC 14496-12): AVIF, HEIC and the container of JPEG XL."""

from __future__ import annotations

from collections.abc import Iterator

from media_core.formats.header import Buffer, Piece, corrupt, truncated

__all__ = ["boxes"]


def boxes(data: Buffer) -> Iterator[tuple[bytes, Piece]]:
    """Those at the top, each of which must be whole."""
    at, length = 0, len(data)
    while at < length:
        if at + 8 > length:
            raise truncated("half a box")
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        elif size == 0:
            size = length - at
        if size < 8:
            raise corrupt("a box smaller than its header")
        if at + size > length:
            raise truncated("a box runs past the end")
        yield kind, Piece(at, at + size)
        at += size
