"""WebP: a RIFF of chunks."""

from __future__ import annotations

from collections.abc import Iterator

from media_core.formats.header import Buffer, Header, Piece, corrupt, join, truncated

__all__ = ["strip", "survey"]

_KEPT = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_PIXELS = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_ICC, _EXIF, _XMP = 0x20, 0x08, 0x04


def _chunks(data: Buffer) -> Iterator[tuple[bytes, Piece]]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise truncated("shorter than its header says")
    at = 12
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        following = at + 8 + size + (size & 1)
        if at + 8 + size > end:
            raise truncated("a chunk runs past the end")
        yield data[at : at + 4], Piece(at, min(following, end))
        at = following


def _size(data: Buffer) -> tuple[int, int]:
    """The canvas, as the first chunk has it."""
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    elif kind == b"VP8L" and data[20:21] == b"\x2f":
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        raise corrupt("no header chunk")
    if not width or not height:
        raise corrupt("no size")
    return width, height


def survey(data: Buffer) -> Header:
    """Size, frames and wholeness."""
    if len(data) < 30:
        raise truncated("no room for a header")
    kinds = [kind for kind, _ in _chunks(data)]
    if not any(kind in _PIXELS for kind in kinds):
        raise truncated("no pixels")
    return Header("webp", *_size(data), frames=max(kinds.count(b"ANMF"), 1))


def strip(data: Buffer) -> bytes:
    """The same pixels and animation without profile, Exif, XMP and unknown chunks."""
    body = join(data, (piece for kind, piece in _chunks(data) if kind in _KEPT))
    if data[12:16] == b"VP8X":
        flags = data[20] & ~(_ICC | _EXIF | _XMP)
        body = data[12:20] + bytes([flags]) + data[21:30] + body
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body
