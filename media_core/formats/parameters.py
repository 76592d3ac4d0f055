"""What a decoder is told before the first frame, without what is no parameter: messages that an encoder or a camera put there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from media_core.formats.aac import aac_parameters

__all__ = ["KEPT", "parameters_alone"]

KEPT: Final[Mapping[str, frozenset[int]]] = {
    "h264": frozenset({*range(1, 6), *range(7, 12), 13, 14, 15, 19, 20}),
    "hevc": frozenset({*range(10), *range(16, 22), *range(32, 38)}),
    "av1": frozenset({*range(1, 5), 6, 7}),
}
"""Units with pictures, with parameters, or between them (ISO/IEC 14496-10, table 7-1; 23008-2, table 7-1; AV1, 6.2.2).
Messages are not, nor what fills room, nor units of which no standard says what they are."""

_START = re.compile(rb"\x00{2,}\x01")
"""Before each unit of H.264 and HEVC (ISO/IEC 14496-10 and 23008-2, annex B)."""
_AV1_BOX = 0x81
_OPUS = 19
"""Bytes of its head, of which the last is the family of its mapping; with a mapping, two more and one a channel."""
_VORBIS = (b"\x01vorbis", b"\x03vorbis", b"\x05vorbis")
"""What the three headers begin with: rate and channels, comments, codebooks (Vorbis I, 4.2)."""
_NO_COMMENT = _VORBIS[1] + bytes(8) + b"\x01"


def parameters_alone(codec: str, data: bytes) -> bytes:
    """Of H.264 and HEVC as units with start codes, of AV1 as units or its box of them, of Vorbis its headers without comments,
    of Opus its head (RFC 7845, 5.1), of AAC its configuration without a comment."""
    match codec:
        case "h264":
            return _units(data, lambda unit: unit[0] & 0x1F in KEPT[codec])
        case "hevc":
            return _units(data, lambda unit: unit[0] >> 1 & 0x3F in KEPT[codec])
        case "av1":
            box = 4 if data[:1] == bytes([_AV1_BOX]) else 0
            return data[:box] + _av1(data[box:])
        case "vorbis":
            return _vorbis(data)
        case "opus":
            return _opus(data)
        case "aac":
            return aac_parameters(data)
        case _:  # VP8, VP9 and MP3, which say all of it in each frame
            return b""


def _units(data: bytes, is_kept: Callable[[bytes], bool]) -> bytes:
    kept = [unit for unit in _START.split(data) if unit and is_kept(unit)]
    return b"".join(b"\0\0\0\1" + unit for unit in kept)


def _av1(data: bytes) -> bytes:
    """Open bitstream units (AV1, 5.3), each with its size; of what has none there is nothing to be sure of."""
    kept, at = b"", 0
    while at < len(data):
        head = data[at]
        start = at + (2 if head & 0x04 else 1)
        if not head & 0x02:
            return kept
        size = shift = 0
        while start < len(data):
            byte, start = data[start], start + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 56:
                break
        if head >> 3 & 0x0F in KEPT["av1"]:
            kept += data[at : start + size]
        at = start + size
    return kept


def _opus(data: bytes) -> bytes:
    if len(data) < _OPUS:
        return b""
    family, channels = data[_OPUS - 1], data[9]
    return data[: _OPUS + 2 + channels] if family else data[:_OPUS]


def _vorbis(data: bytes) -> bytes:
    """Laced as Matroska has them; nothing of what are no three headers."""
    headers = _laced(data) if data[:1] == b"\2" else _counted(data)
    if [header[:7] for header in headers] != list(_VORBIS):
        return b""
    rate, _, books = headers
    lengths = b"".join(_lacing(len(header)) for header in (rate, _NO_COMMENT))
    return b"\2" + lengths + rate + _NO_COMMENT + books


def _laced(data: bytes) -> list[bytes]:
    """The last is as long as what is left."""
    lengths, at = [0, 0], 1
    for number in range(2):
        while at < len(data):
            byte, at = data[at], at + 1
            lengths[number] += byte
            if byte < 255:
                break
    first, second = at + lengths[0], at + sum(lengths)
    return [data[at:first], data[first:second], data[second:]]


def _counted(data: bytes) -> list[bytes]:
    """Each behind its length in two bytes."""
    found, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        found.append(data[at + 2 : end])
        at = end
    return found


def _lacing(length: int) -> bytes:
    return b"\xff" * (length // 255) + bytes([length % 255])
