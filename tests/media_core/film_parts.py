"""Films taken apart and put together again with something more in them, as their containers allow."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import TypeAlias

from tests.media_core.photographs import SECRET

__all__ = ["added_to_frames", "described_twice", "profiled", "told_more"]

Change: TypeAlias = Callable[[int, bytes], bytes]
"""Of an element's name and body what takes its place."""

_SEGMENT, _CLUSTER, _TRACKS, _TRACK = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE
_BLOCK, _GROUP, _IN_GROUP, _ADDITIONS, _MORE, _ID, _ADDED = 0xA3, 0xA0, 0xA1, 0x75A1, 0xA6, 0xEE, 0xA5
_CODEC, _PRIVATE, _NAME, _VIDEO, _ALPHA, _MOST_ADDED = 0x86, 0x63A2, 0x536E, 0xE0, 0x53C0, 0x55EE
_INDEXES = (0x1C53BB6B, 0x114D9B74)
_NOTE = SECRET.encode()
_FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def added_to_frames(webm: bytes) -> bytes:
    """With more beside each frame: what is said to be its transparency, and what only its writer knows."""
    more = b"".join(_element(_MORE, _element(_ID, n) + _element(_ADDED, _NOTE)) for n in (b"\1", b"\x7f"))

    def change(name: int, body: bytes) -> bytes:
        if name == _BLOCK:
            frame = _element(_IN_GROUP, body[:3] + bytes([body[3] & 0x7F]) + body[4:])
            earlier = b"" if body[3] & 0x80 else _element(0xFB, b"\x7f")
            return _element(_GROUP, frame + _element(_ADDITIONS, more) + earlier)
        if name == _VIDEO:
            return _element(_VIDEO, body + _element(_ALPHA, b"\1")) + _element(_MOST_ADDED, b"\1")
        return _element(name, body)

    return _rebuilt(webm, change)


def told_more(webm: bytes) -> bytes:
    """With something more in what decoders are told, and names of its tracks."""

    def change(name: int, body: bytes) -> bytes:
        if name != _TRACK:
            return _element(name, body)
        parts = dict(_elements(body))
        parts |= {_PRIVATE: parts.get(_PRIVATE, b"") + _NOTE, _NAME: _NOTE}
        return _element(name, b"".join(_element(*part) for part in parts.items()))

    return _rebuilt(webm, change)


def described_twice(mp4: bytes, more: bytes = b"") -> bytes:
    """H.264 in MP4 of which all but the first run of frames has another description: with ``more`` among its parameters."""
    pictures = False

    def change(name: bytes, body: bytes) -> bytes:
        nonlocal pictures
        if name == b"stsd":
            pictures = b"avc1" in body
            return (
                body[:4] + struct.pack(">I", 2) + body[8:] + _with_unit(body[8:], more) if pictures else body
            )
        if name == b"stsc" and pictures:
            first = body[8:20]
            return (
                body[:4]
                + struct.pack(">I", 2)
                + first
                + struct.pack(">I", 2)
                + first[4:8]
                + struct.pack(">I", 2)
            )
        return body

    return _reboxed(mp4, change)


def profiled(mp4: bytes, profile: bytes) -> bytes:
    """H.264 in MP4 whose colours are said by a profile."""

    def change(name: bytes, body: bytes) -> bytes:
        if name != b"stsd" or b"avc1" not in body:
            return body
        return body[:8] + _sized(body[12:] + _box(b"colr", b"prof" + profile))

    return _reboxed(mp4, change)


def _with_unit(entry: bytes, unit: bytes) -> bytes:
    if not unit:
        return entry
    at = entry.index(b"avcC")
    size = int.from_bytes(entry[at - 4 : at], "big")
    told = entry[at + 4 : at - 4 + size]
    pictures = 8 + int.from_bytes(told[6:8], "big")
    more = bytes([told[pictures] + 1]) + len(unit).to_bytes(2, "big") + unit
    told = told[:pictures] + more + told[pictures + 1 :]
    return _sized(entry[4 : at - 4] + _box(b"avcC", told) + entry[at - 4 + size :])


def _reboxed(data: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    made, at = b"", 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + size]
        made += _box(name, change(name, _reboxed(body, change) if name in _FOLDERS else body))
        at += size
    return made


def _box(name: bytes, body: bytes) -> bytes:
    return _sized(name + body)


def _sized(body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 4) + body


def _rebuilt(data: bytes, change: Change) -> bytes:
    made = b""
    for name, body in _elements(data):
        if name not in _INDEXES:
            made += change(
                name, _rebuilt(body, change) if name in {_SEGMENT, _CLUSTER, _TRACKS, _TRACK} else body
            )
    return made


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        length = 9 - data[at].bit_length()
        name, at = int.from_bytes(data[at : at + length], "big"), at + length
        length = 9 - data[at].bit_length()
        most = (1 << 7 * length) - 1
        size, at = int.from_bytes(data[at : at + length], "big") & most, at + length
        end = len(data) if size == most else at + size
        yield name, data[at:end]
        at = end


def _element(name: int, body: bytes) -> bytes:
    size = (len(body) | 1 << 56).to_bytes(8, "big")
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + size + body
