"""JPEG: markers from SOI to the first EOI. What follows (an MPO's second picture, a trailer) is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from media_core.formats.header import Buffer, Header, Piece, corrupt, join, truncated

__all__ = ["strip", "survey"]

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_KEPT = _SOF | {0xC4, 0xCC, _EOI, _SOS, 0xDB, 0xDC, 0xDD}
"""Frames, tables, scans, restarts: all that a decoder needs."""
_APP0, _APP14 = 0xE0, 0xEE
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
_MAX_SCANS = 200
"""A progressive picture has about ten; each more costs a pass over all coefficients."""


def _segments(data: Buffer) -> Iterator[tuple[int, Piece]]:
    """Each marker with the piece it spans; a scan's entropy-coded data belongs to its SOS."""
    at, length = 2, len(data)
    while True:
        found = _MARKER.search(data, at)
        if found is None:
            raise truncated("no end-of-image marker")
        marker, start, body = data[found.end() - 1], found.end() - 2, found.end()
        if marker == _EOI:
            yield marker, Piece(start, body)
            return
        if marker in (_SOI, 0x01):
            at = body
            continue
        end = body + int.from_bytes(data[body : body + 2], "big")
        if end > length or body + 2 > length:
            raise truncated("a segment runs past the end")
        if marker == _SOS:
            follow = _MARKER.search(data, end)
            if follow is None:
                raise truncated("a scan without an end")
            end = follow.start()
        yield marker, Piece(start, end)
        at = end


def survey(data: Buffer) -> Header:
    """Size and wholeness."""
    size: tuple[int, int] | None = None
    scans = 0
    for marker, piece in _segments(data):
        if marker in _SOF and size is None:
            frame = data[piece.start + 4 : piece.start + 9]
            size = int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
        scans += marker == _SOS
        if scans > _MAX_SCANS:
            raise corrupt("too many scans")
    if size is None or not scans or 0 in size:
        raise corrupt("no frame, no scan or no size")
    return Header("jpeg", *size)


def strip(data: Buffer) -> bytes:
    """The same coefficients with no other segment but Adobe's colour transform."""
    kept = (p for marker, p in _segments(data) if marker in _KEPT or _is_adobe(data, marker, p))
    return b"\xff\xd8" + _JFIF_or_nothing(data) + join(data, kept)


def _is_adobe(data: Buffer, marker: int, piece: Piece) -> bool:
    return (
        marker == _APP14
        and data[piece.start + 4 : piece.start + 9] == b"Adobe"
        and piece.end - piece.start == 16
    )


def _JFIF_or_nothing(data: Buffer) -> bytes:  # noqa: N802 - the segment's own name
    """A bare JFIF header says YCbCr, as the original's did; with Adobe's segment that one decides."""
    names = [data[p.start + 4 : p.start + 8] for marker, p in _segments(data) if marker == _APP0]
    return _JFIF if b"JFIF" in names else b""
