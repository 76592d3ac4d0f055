"""AVIF: ISO boxes. Only their frame is walked here; size and frames are the decoder's to tell."""

from __future__ import annotations

from media_core.formats.header import Buffer, Header, corrupt, truncated

__all__ = ["survey"]


def survey(data: Buffer) -> Header:
    """Whether every top-level box is whole and the two that matter are there."""
    at, length = 0, len(data)
    kinds = set()
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
        kinds.add(kind)
        at += size
    if not kinds & {b"meta", b"moov"}:
        raise truncated("no description of the picture")
    if not kinds & {b"mdat"} and b"moov" in kinds:
        raise truncated("no pixels")
    return Header("avif", 0, 0)
