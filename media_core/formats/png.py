"""PNG and APNG: chunks with their sums, from IHDR to IEND."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from media_core.formats.header import Buffer, Header, Piece, corrupt, join, truncated

__all__ = ["decodable", "strip", "survey"]

_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"})
_DECODED = _KEPT | {b"iCCP", b"eXIf"}
_HEADER = 33


def _chunks(data: Buffer) -> Iterator[tuple[bytes, Piece]]:
    at, length = 8, len(data)
    while True:
        if at + 12 > length:
            raise truncated("no IEND chunk")
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > length:
            raise truncated("a chunk runs past the end")
        kind = data[at + 4 : at + 8]
        yield kind, Piece(at, end)
        if kind == b"IEND":
            return
        at = end


def survey(data: Buffer) -> Header:
    """Size, frames, wholeness, and the sums of the chunks that hold pixels."""
    if len(data) < _HEADER:
        raise truncated("no room for a header")
    if data[12:16] != b"IHDR":
        raise corrupt("no IHDR chunk")
    frames = pixels = 0
    for kind, piece in _chunks(data):
        frames += kind == b"fcTL"
        pixels += kind == b"IDAT"
        if kind in _KEPT:
            declared = int.from_bytes(data[piece.end - 4 : piece.end], "big")
            if zlib.crc32(data[piece.start + 4 : piece.end - 4]) != declared:
                raise corrupt("a chunk's sum is wrong")
    if not pixels:
        raise corrupt("no pixels")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    if not width or not height:
        raise corrupt("no size")
    return Header("png", width, height, max(frames, 1))


def strip(data: Buffer) -> bytes:
    """The same pixels and animation without text, times, profile, Exif, or anything after IEND."""
    kept = (piece for kind, piece in _chunks(data) if kind in _KEPT)
    return data[:8] + join(data, kept)


def decodable(data: Buffer) -> bytes | None:
    """Without what a decoder would only unpack for us to throw away; None where there is nothing of the kind."""
    if all(kind in _DECODED for kind, _ in _chunks(data)):
        return None
    return data[:8] + join(data, (piece for kind, piece in _chunks(data) if kind in _DECODED))
