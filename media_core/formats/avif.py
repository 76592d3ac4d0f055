"""AVIF and HEIC: ISO boxes. Only their frame is walked here; size and frames are the decoder's to tell."""

from __future__ import annotations

from media_core.formats.header import Buffer, Header, truncated
from media_core.formats.iso import boxes

__all__ = ["survey"]


def survey(data: Buffer, format_: str = "avif") -> Header:
    """Whether every top-level box is whole and the two that matter are there."""
    kinds = {kind for kind, _ in boxes(data)}
    if not kinds & {b"meta", b"moov"}:
        raise truncated("no description of the picture")
    if not kinds & {b"mdat"} and b"moov" in kinds:
        raise truncated("no pixels")
    return Header(format_, 0, 0)
