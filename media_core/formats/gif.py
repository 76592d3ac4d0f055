"""GIF: blocks from the screen descriptor to the trailer."""

from __future__ import annotations

from collections.abc import Iterator

from media_core.formats.header import Buffer, Header, Piece, corrupt, join, truncated

__all__ = ["strip", "survey"]

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_LONG = {"control": 7, "loop": 18}
"""Up to the end of an extension's first block of data; no more of it means anything."""


def _table(flags: int) -> int:
    """How long the colour table is that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(data: Buffer, at: int) -> int:
    """Where the chain of sub-blocks starting here ends."""
    length = len(data)
    while at < length:
        size = data[at]
        at += size + 1
        if not size:
            return at
    raise truncated("a block runs past the end")


def _blocks(data: Buffer) -> Iterator[tuple[str, Piece]]:
    """image, control, loop or other; then trailer."""
    length = len(data)
    if length < 13:
        raise truncated("no room for a header")
    at = 13 + _table(data[10])
    while at < length:
        kind = data[at]
        if kind == _TRAILER:
            yield "trailer", Piece(at, at + 1)
            return
        if kind == _IMAGE and at + 10 < length:
            end = _sub_blocks(data, at + 10 + _table(data[at + 9]) + 1)
            yield "image", Piece(at, end)
        elif kind == _EXTENSION and at + 2 < length:
            end = _sub_blocks(data, at + 2)
            yield _extension(data, at), Piece(at, end)
        elif kind in (_IMAGE, _EXTENSION):
            break
        else:
            raise corrupt("an unknown block")
        at = end
    raise truncated("no trailer")


def _extension(data: Buffer, at: int) -> str:
    if data[at + 1] == _CONTROL and data[at + 2] == 4:
        return "control"
    loops = data[at + 1] == _APPLICATION and data[at + 2] == 11 and data[at + 3 : at + 14] in _LOOPS
    return "loop" if loops and data[at + 14 : at + 16] == b"\x03\x01" else "other"


def survey(data: Buffer, max_frames: int) -> Header:
    """Size, with what reaches over the screen; frames and wholeness. Stops counting one past the limit."""
    frames = 0
    width, height = _numbers(data, 6, 2)
    for kind, piece in _blocks(data):
        if kind == "image":
            frames += 1
            left, top, wide, high = _numbers(data, piece.start + 1, 4)
            width, height = max(width, left + wide), max(height, top + high)
        if frames > max_frames:
            break
    if not frames:
        raise corrupt("no picture")
    return Header("gif", width, height, frames)


def _numbers(data: Buffer, at: int, count: int) -> list[int]:
    return [int.from_bytes(data[place : place + 2], "little") for place in range(at, at + 2 * count, 2)]


def strip(data: Buffer) -> bytes:
    """The same frames, times and loops without comments, text, and other applications' blocks."""

    def kept() -> Iterator[Piece]:
        for kind, piece in _blocks(data):
            if kind in _LONG:
                yield Piece(piece.start, piece.start + _LONG[kind])
                yield Piece(piece.end - 1, piece.end)
            elif kind != "other":
                yield piece

    return data[: 13 + _table(data[10])] + join(data, kept())
