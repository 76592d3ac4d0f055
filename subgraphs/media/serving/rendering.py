"""A rendition made of the original, as its owner has it shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from media_core import (
    Films,
    Format,
    Limits,
    Picture,
    Spec,
    Variant,
    animate_async,
    crop_async,
    render_async,
    sanitize_async,
)
from subgraphs.media.edits import crop_of, moves, size_of
from subgraphs.media.models import MediaFile
from subgraphs.media.storage.keys import FULL, original_key, still_key

__all__ = ["Renderer", "source_key"]

_ANY = 1 << 40


def source_key(row: MediaFile, rendition: str) -> str:
    """What a rendition is made of: the upload, or the still of a film."""
    return still_key(row.place) if row.is_film and rendition != FULL else original_key(row.place)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Of what was taken in within the settings of its day, however large and long; how many pixels there are to decode at a
    time is a matter of the memory there is today."""

    picture_pixels: int
    film_pixels: int

    async def __call__(self, source: Picture, row: MediaFile, rendition: str, format_: str) -> Variant:
        """Raises ImageRejected, PoolBusy, PoolUnavailable."""
        spec = Spec(limits=self._limits(), turn=row.turn, keep_copyright=row.keep_copyright)
        if rendition == FULL:
            return await sanitize_async(source, replace(spec, films=self._films(row)))
        shape = crop_of(row, rendition)
        if shape is not None:
            return await crop_async(source, shape, replace(spec, format=Format(format_)))
        if moves(row, rendition):
            return await animate_async(source, size_of(rendition), spec)
        return await render_async(source, rendition, Format(format_), spec)

    def _limits(self) -> Limits:
        return Limits(
            max_bytes=_ANY,
            max_pixels=self.picture_pixels,
            max_side=_ANY,
            max_frames=_ANY,
            max_animation_pixels=_ANY,
        )

    def _films(self, row: MediaFile) -> Films | None:
        if not row.is_film:
            return None
        return Films(max_bytes=_ANY, max_seconds=1 << 30, max_pixels=self.film_pixels)
