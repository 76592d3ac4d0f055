"""Films: which container by its first bytes, and whether it is whole, read before FFmpeg sees it.

ISO boxes (ISO/IEC 14496-12) of MP4 and QuickTime; EBML elements (RFC 8794) of WebM.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from media_core.formats.header import Buffer, corrupt, truncated
from media_core.formats.iso import boxes

__all__ = ["FILM_KINDS", "film_kind", "is_film", "survey"]

FILM_KINDS = ("mp4", "mov", "webm")
"""Containers whose films can be taken."""

_QUICKTIME = b"qt  "
_MP4 = (b"iso", b"mp4", b"avc", b"M4V", b"MSNV", b"dash", b"3gp", b"3g2", b"XAVC")
_EBML, _DOCTYPE = b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm"
_SEGMENT, _TRACKS, _CLUSTER = 0x18538067, 0x1654AE6B, 0x1F43B675
_HEAD = 512
_MOST_PARTS = 100_000
"""Ten minutes in fragments have some thousands."""


def film_kind(data: Buffer) -> str | None:
    """One of :data:`FILM_KINDS`; None for what is none of them."""
    head = data[:_HEAD]
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "mov" if brand == _QUICKTIME else "mp4" if brand.startswith(_MP4) else None
    return "webm" if head.startswith(_EBML) and _DOCTYPE in head else None


def is_film(path: Path) -> bool:
    """Whether the file begins as one. Raises OSError."""
    with path.open("rb") as file:
        return film_kind(file.read(_HEAD)) is not None


def survey(data: Buffer, kind: str) -> None:
    """Whether all that its outermost parts announce is there, as far as they say. Raises ImageRejected."""
    parts: Iterator[int | bytes] = _parts(data) if kind == "webm" else (name for name, _ in boxes(data))
    found = {name for _, name in zip(range(_MOST_PARTS), parts, strict=False)}
    if next(parts, None) is not None:
        raise corrupt("too many parts")
    described, shown = (_TRACKS, _CLUSTER) if kind == "webm" else (b"moov", b"mdat")
    if described not in found:
        raise truncated("no description of the film")
    if shown not in found:
        raise truncated("no frames")


def _parts(data: Buffer) -> Iterator[int | bytes]:
    """What a WebM's segment has in it. Of what a browser recorded live, sizes are unknown: there the walk ends."""
    for name, start, size in _elements(data, 0, len(data)):
        if name == _SEGMENT:
            end = len(data) if size is None else start + size
            for part, _, length in _elements(data, start, end):
                yield part
                if length is None:
                    return
            return


def _elements(data: Buffer, at: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Name, where the body starts, and its length; each must be whole."""
    while at < end:
        name, at = _number(data, at, longest=4, marked=True)
        size, at = _number(data, at, longest=8)
        if size is not None and at + size > end:
            raise truncated("an element runs past the end")
        yield name or 0, at, size
        if size is None:
            return
        at += size


def _number(data: Buffer, at: int, longest: int, *, marked: bool = False) -> tuple[int | None, int]:
    """A variable-length integer, with its marker or without; None for "unknown"; and where the next byte is."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if length > longest:
        raise corrupt("no EBML number") if at < len(data) else truncated("half an element")
    value = int.from_bytes(data[at : at + length], "big")
    if at + length > len(data):
        raise truncated("half an element")
    if marked:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), at + length
