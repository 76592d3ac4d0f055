"""What a file holds beside its picture: each container read by its specification, not by the code under test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

__all__ = ["residue"]

_JPEG_PARTS = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD}
_PNG_PARTS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"}
_WEBP_PARTS = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM"}
_HEADER_FLAGS = {0x20: "ICC", 0x08: "Exif", 0x04: "XMP"}
_AVIF_FOLDERS = {b"meta": 12, b"iprp": 8, b"ipco": 8, b"iinf": 14}
"""Boxes with boxes in them, and where those begin."""
_AVIF_PARTS = {
    *(b"ftyp", b"mdat", b"hdlr", b"pitm", b"iloc", b"iref"),
    *(b"ispe", b"pixi", b"av1C", b"auxC", b"ipma"),
}


def residue(data: bytes) -> list[str]:
    """Names of all that is neither pixels nor needed to show them; a colour profile counts."""
    for magic, walk in _WALKS.items():
        if data[4:].startswith(magic) if magic == b"ftyp" else data.startswith(magic):
            return list(walk(data))
    return ["an unknown container"]


def _jpeg(data: bytes) -> Iterator[str]:
    at = 2
    while data[at + 1] != 0xD9:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        plain = (marker == 0xE0 and body[:5] == b"JFIF\0" and body[12:] == b"\0\0") or (
            marker == 0xEE and body[:5] == b"Adobe" and len(body) == 12
        )
        if data[at] != 0xFF or (marker not in _JPEG_PARTS and not plain):
            yield f"segment {marker:02x} {body[:12]!r}"
        at += 2 + length
        while marker == 0xDA and not (data[at] == 0xFF and data[at + 1] not in {0, *range(0xD0, 0xD8)}):
            at += 1
    if data[at + 2 :]:
        yield "a trailer"


def _png(data: bytes) -> Iterator[str]:
    at, kind = 8, b""
    while kind != b"IEND":
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind not in _PNG_PARTS:
            yield f"chunk {kind!r}"
        at += 12 + length
    if data[at:]:
        yield "a trailer"


def _gif(data: bytes) -> Iterator[str]:
    def table(flags: int) -> int:
        return 3 << ((flags & 7) + 1) if flags & 0x80 else 0

    def blocks(at: int) -> tuple[int, list[bytes]]:
        found = []
        while data[at]:
            found.append(data[at + 1 : at + 1 + data[at]])
            at += 1 + data[at]
        return at + 1, found

    at = 13 + table(data[10])
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            at, _ = blocks(at + 10 + table(data[at + 9]) + 1)
            continue
        label = data[at + 1]
        at, found = blocks(at + 2)
        control = label == 0xF9 and [len(part) for part in found] == [4]
        loops = label == 0xFF and found[0] == b"NETSCAPE2.0" and [len(part) for part in found[1:]] == [3]
        if not control and not loops:
            yield f"extension {label:02x} {found[:1]}"
    if data[at + 1 :]:
        yield "a trailer"


def _webp(data: bytes) -> Iterator[str]:
    end = 8 + int.from_bytes(data[4:8], "little")
    yield from _riff(data[12:end])
    if data[end:]:
        yield "a trailer"


def _riff(data: bytes) -> Iterator[str]:
    at = 0
    while at < len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if kind == b"VP8X":
            yield from (name for flag, name in _HEADER_FLAGS.items() if body[0] & flag)
            if length != 10:
                yield "a longer header"
        elif kind == b"ANMF":
            yield from _riff(body[16:])
        elif kind not in _WEBP_PARTS:
            yield f"chunk {kind!r}"
        at += 8 + length + (length & 1)


def _avif(data: bytes) -> Iterator[str]:
    at = 0
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big") or len(data) - at, data[at + 4 : at + 8]
        box = data[at : at + length]
        if kind in _AVIF_FOLDERS:
            yield from _avif(box[_AVIF_FOLDERS[kind] :])
        elif kind == b"infe":
            if box[16:20] != b"av01":
                yield f"item {box[16:20]!r}"
        elif kind == b"colr":
            if box[8:12] != b"nclx":
                yield "ICC"
        elif kind not in _AVIF_PARTS:
            yield f"box {kind!r}"
        at += length


_WALKS: dict[bytes, Callable[[bytes], Iterator[str]]] = {
    b"\xff\xd8": _jpeg,
    b"\x89PNG": _png,
    b"GIF8": _gif,
    b"RIFF": _webp,
    b"ftyp": _avif,
}
