"""Puts one Exif block into a file that has none: where its owner wants the copyright to stay."""

from __future__ import annotations

import struct
import zlib

__all__ = ["with_exif"]

_EXIF_FLAG, _ALPHA_FLAG = 0x08, 0x10


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
