"""What a walk over a container finds out, and how it refuses."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from media_core.errors import ImageRejected, RejectCode

__all__ = ["Buffer", "Header", "Piece", "corrupt", "join", "truncated", "windows"]

Buffer: TypeAlias = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class Header:
    """As the container says it, before orientation. Zero sides: only the decoder can tell (AVIF)."""

    format: str
    width: int
    height: int
    frames: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the file, by its place in it."""

    start: int
    end: int


def truncated(detail: str) -> ImageRejected:
    """The end is missing."""
    return ImageRejected(RejectCode.TRUNCATED, detail)


def corrupt(detail: str) -> ImageRejected:
    """A part is not what the format says it must be."""
    return ImageRejected(RejectCode.CORRUPT, detail)


def windows(data: Buffer, pieces: Iterator[Piece]) -> Iterator[bytes]:
    """The bytes of each piece; neighbours come as one."""
    start = end = 0
    for piece in pieces:
        if piece.start == end:
            end = piece.end
            continue
        if end > start:
            yield data[start:end]
        start, end = piece.start, piece.end
    if end > start:
        yield data[start:end]


def join(data: Buffer, pieces: Iterator[Piece]) -> bytes:
    """The pieces as one file."""
    return b"".join(windows(data, pieces))
