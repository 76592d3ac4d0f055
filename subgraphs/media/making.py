"""A rendition made of the original, as its owner has it shown."""

from __future__ import annotations

from media_core import Format, Picture, Spec, Variant, animate_async, crop_async, render_async, sanitize_async
from subgraphs.media.edits import crop_of, moves, size_of
from subgraphs.media.models import MediaFile
from subgraphs.media.objects import FULL

__all__ = ["make"]


async def make(original: Picture, row: MediaFile, rendition: str, format_: str) -> Variant:
    """Raises ImageRejected, PoolBusy, PoolUnavailable."""
    if rendition == FULL:
        return await sanitize_async(original, turn=row.turn)
    shape = crop_of(row, rendition)
    if shape is not None:
        return await crop_async(original, shape, Spec(format=Format(format_), turn=row.turn))
    if moves(row, rendition):
        return await animate_async(original, size_of(rendition), turn=row.turn)
    return await render_async(original, rendition, Format(format_), turn=row.turn)
