"""Films made to hurt: small files, large claims."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache

from tests.media_core.films import boxes, film, widened

__all__ = ["FILM_SEEDS", "HOSTILE_FILMS"]

_BROKEN = frozenset({"CORRUPT", "TRUNCATED"})
_SPENT = frozenset({"OUT_OF_MEMORY", "TIMEOUT", "DECODER_CRASHED"})


@cache
def _mp4() -> bytes:
    return film()


@cache
def _webm() -> bytes:
    return film("webm")


FILM_SEEDS: dict[str, Callable[[], bytes]] = {
    "mp4": _mp4,
    "webm": _webm,
    "mov": cache(lambda: film("mov", noted=True)),
    "live webm": cache(lambda: film("live.webm")),
}


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


_HEAD = _box(b"ftyp", b"isom\0\0\2\0isommp42")


def _changed(name: bytes, at: int, value: bytes, nth: int = 0) -> bytes:
    """The nth box of a name with other bytes after its header."""
    data = bytearray(_mp4())
    start = [a for n, a, _ in boxes(_mp4()) if n == name][nth] + 8 + at
    data[start : start + len(value)] = value
    return bytes(data)


def _lasting(seconds: int) -> bytes:
    """A header that says so, over two seconds."""
    return _changed(b"mvhd", 12, struct.pack(">II", 1000, min(seconds * 1000, 2**32 - 1)))


def _slow() -> bytes:
    """Every frame lasts a day."""
    return _changed(b"stts", 4, struct.pack(">III", 1, 50, 2**30))


def _samples(count: int) -> bytes:
    """So many samples of one byte, in one number."""
    return _changed(b"stsz", 4, struct.pack(">II", 1, count))


def _nested(depth: int) -> bytes:
    body = b""
    for _ in range(depth):
        body = _box(b"moov", body)
    return _HEAD + body + _box(b"mdat", b"")


def _tracks(count: int) -> bytes:
    trak = next(_mp4()[a:b] for n, a, b in boxes(_mp4()) if n == b"trak")
    head = next(_mp4()[a:b] for n, a, b in boxes(_mp4()) if n == b"mvhd")
    return _HEAD + _box(b"moov", head + trak * count) + _box(b"mdat", bytes(999))


def _ebml(segment: bytes, *, size: bytes = b"\x01\xff\xff\xff\xff\xff\xff\xff") -> bytes:
    head = b"\x42\x82\x84webm"
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(head)]) + head + b"\x18\x53\x80\x67" + size + segment


_TRACKS = b"\x16\x54\xae\x6b\x80"
_CLUSTER = b"\x1f\x43\xb6\x75\x80"


HOSTILE_FILMS: dict[str, tuple[Callable[[], bytes], frozenset[str]]] = {
    "only its brand": (lambda: _HEAD, frozenset({"TRUNCATED"})),
    "a description and no frames": (lambda: _HEAD + _box(b"moov", b""), frozenset({"TRUNCATED"})),
    "frames and no description": (lambda: _HEAD + _box(b"mdat", bytes(99)), frozenset({"TRUNCATED"})),
    "nothing in its description": (
        lambda: _HEAD + _box(b"moov", b"") + _box(b"mdat", bytes(99)),
        _BROKEN | {"UNSUPPORTED_FILM"},
    ),
    "a box of exabytes": (
        lambda: _HEAD + struct.pack(">I4sQ", 1, b"moov", 2**62) + bytes(99),
        frozenset({"TRUNCATED"}),
    ),
    "a box smaller than its header": (lambda: _HEAD + struct.pack(">I4s", 4, b"moov"), _BROKEN),
    "boxes in boxes": (lambda: _nested(20_000), _BROKEN | _SPENT | {"UNSUPPORTED_FILM"}),
    "a million empty boxes": (
        lambda: _mp4() + struct.pack(">I4s", 8, b"free") * 1_000_000,
        frozenset({"CORRUPT"}),
    ),
    "a header of a million seconds": (lambda: _lasting(1_000_000), frozenset({"TOO_LONG", ""})),
    "frames of a day": (_slow, frozenset({"TOO_LONG"})),
    "samples beyond the file": (lambda: _samples(2**20), _BROKEN | _SPENT),
    "samples beyond memory": (lambda: _samples(2**31), _BROKEN | _SPENT),
    "2,000 tracks": (lambda: _tracks(2000), _BROKEN | _SPENT | {""}),
    "a header as wide as can be": (
        lambda: widened(_mp4(), 65_535, 65_535),
        frozenset({""}),
    ),
    "eleven minutes of silence after two seconds": (
        lambda: film(size=(32, 32), silent_seconds=660),
        frozenset({"TOO_LONG"}),
    ),
    "larger frames than are taken": (
        lambda: film(size=(4608, 2304), frames=2),
        frozenset({"TOO_MANY_PIXELS"}),
    ),
    "the largest frames that are": (lambda: film(size=(4096, 2304), frames=61), frozenset({""})),
    "an EBML number of zeros": (lambda: _ebml(bytes(99)), _BROKEN),
    "a segment past the end": (
        lambda: _ebml(_TRACKS + _CLUSTER, size=b"\x01" + b"\x00" * 5 + b"\xff\xff"),
        _BROKEN,
    ),
    "tracks and clusters of nothing": (
        lambda: _ebml(_TRACKS + _CLUSTER),
        _BROKEN | {"UNSUPPORTED_FILM", "NOT_AN_IMAGE"},
    ),
    "a million clusters of nothing": (
        lambda: _webm() + _CLUSTER * 1_000_000,
        frozenset({"CORRUPT", ""}),
    ),
    "a list of other files": (
        lambda: _HEAD + b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        _BROKEN,
    ),
}
