"""The Exif block that names whose a picture is, and how it is put into a file: where its owner wants that to stay."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from itertools import accumulate

__all__ = ["notice", "with_exif"]

_ARTIST, _COPYRIGHT, _ASCII = 0x013B, 0x8298, 2
_LONGEST = 500
"""Characters of each."""
_EXIF_FLAG, _ALPHA_FLAG = 0x08, 0x10


def notice(artist: object, copyright_: object) -> bytes:
    """A TIFF structure (Exif 3.0, 4.6) with these two, each one line of printable text, and nothing else; empty for
    neither. They are as Pillow reads them: bytes as Latin-1, which most cameras and programs write as UTF-8."""
    named = {tag: _line(text) for tag, text in ((_ARTIST, artist), (_COPYRIGHT, copyright_))}
    texts = {tag: text + b"\0" for tag, text in named.items() if text}
    if not texts:
        return b""
    begin = 8 + 2 + 12 * len(texts) + 4
    starts = [begin, *(begin + end for end in accumulate(len(t) for t in texts.values()))]
    entries = [
        struct.pack("<HHI", tag, _ASCII, len(text))
        + (text.ljust(4, b"\0") if len(text) <= 4 else struct.pack("<I", start))
        for (tag, text), start in zip(texts.items(), starts, strict=False)
    ]
    head = b"II*\0" + struct.pack("<IH", 8, len(texts))
    return head + b"".join(entries) + bytes(4) + b"".join(texts.values())


def _line(text: object) -> bytes:
    if not isinstance(text, str):
        return b""
    with suppress(UnicodeError):  # where it is Latin-1, or has been read as what it is
        text = text.encode("latin-1").decode()
    visible = "".join(one if one.isprintable() else " " for one in text[: 4 * _LONGEST])
    return " ".join(visible.split())[:_LONGEST].rstrip().encode()


def with_exif(data: bytes, format_: str, exif: bytes) -> bytes:
    """``exif`` is a TIFF structure. Formats without a place for it (GIF) and AVIF come back as they are."""
    match format_:
        case "jpeg":
            return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif + data[2:]
        case "png":
            chunk = b"eXIf" + exif
            sums = struct.pack(">I", zlib.crc32(chunk))
            return data[:33] + struct.pack(">I", len(exif)) + chunk + sums + data[33:]
        case "webp":
            return _webp(data, exif)
        case _:
            return data


def _webp(data: bytes, exif: bytes) -> bytes:
    """In the extended format, which a plain file is turned into (WebP container specification)."""
    body = data[12:]
    if body[:4] == b"VP8X":
        body = body[:8] + bytes([body[8] | _EXIF_FLAG]) + body[9:]
    else:
        width, height, alpha = _described(body)
        sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        body = b"VP8X" + struct.pack("<II", 10, _EXIF_FLAG | alpha) + sides + body
    body += b"EXIF" + struct.pack("<I", len(exif)) + exif + bytes(len(exif) & 1)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _described(body: bytes) -> tuple[int, int, int]:
    """Width, height and the flag of alpha."""
    if body[:4] == b"VP8L":
        bits = int.from_bytes(body[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, _ALPHA_FLAG * (bits >> 28 & 1)
    width, height = struct.unpack_from("<HH", body, 14)
    return width & 0x3FFF, height & 0x3FFF, 0
