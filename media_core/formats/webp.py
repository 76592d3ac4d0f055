"""WebP: a RIFF of chunks."""

from __future__ import annotations

from collections.abc import Iterator

from media_core.formats.header import Buffer, Header, Piece, corrupt, join, truncated

__all__ = ["strip", "survey"]

_KEPT = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM"})
_PIXELS = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_ICC, _EXIF, _XMP = 0x20, 0x08, 0x04
_FRAME = 24
"""From the start of a frame's chunk to the chunks within it."""


def _chunks(data: Buffer) -> Iterator[tuple[bytes, Piece]]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise truncated("shorter than its header says")
    return _within(data, 12, end)


def _within(data: Buffer, at: int, end: int) -> Iterator[tuple[bytes, Piece]]:
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
    """The same pixels and animation without profile, Exif, XMP and unknown chunks, also within frames."""
    body = b"".join(_kept(data, kind, piece) for kind, piece in _chunks(data))
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _kept(data: Buffer, kind: bytes, piece: Piece) -> bytes:
    if kind == b"VP8X":
        at = piece.start + 8
        flags = data[at] & ~(_ICC | _EXIF | _XMP)
        return b"VP8X\x0a\0\0\0" + bytes([flags]) + data[at + 1 : at + 10]
    if kind == b"ANMF":
        parts = _within(data, piece.start + _FRAME, piece.end)
        body = data[piece.start + 8 : piece.start + _FRAME] + join(data, (p for k, p in parts if k in _KEPT))
        return b"ANMF" + len(body).to_bytes(4, "little") + body
    return data[piece.start : piece.end] if kind in _KEPT else b""
