"""What comes out: frozen values, safe to hand between threads and to keep."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ImageMetadata", "Processed", "Variant"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoded picture. ``format`` is lower case: webp, avif, jpeg, png, gif."""

    data: bytes
    width: int
    height: int
    format: str

    @property
    def media_type(self) -> str:
        """The MIME type."""
        return f"image/{self.format}"


@dataclass(frozen=True, slots=True)
class ImageMetadata:
    """What was uploaded, as a viewer sees it: width and height are those after orientation."""

    width: int
    height: int
    format: str
    bytes: int
    frames: int = 1
    alpha: bool = False
    taken_at: str | None = None
    """By the camera's clock, in ISO 8601; without an offset where the file has none."""


@dataclass(frozen=True, slots=True)
class Processed:
    """Everything a feed needs to show a picture at once and in the right size."""

    variants: dict[str, Variant]
    blur_placeholder: str
    thumbhash: str
    dominant_color: tuple[int, int, int]
    metadata: ImageMetadata
    blurhash: str = ""
    palette: tuple[tuple[int, int, int], ...] = ()
    """At most six colours, the most frequent first."""
    full: Variant | None = None
    """The whole picture, turned upright, sRGB, no metadata; only when the spec asked for it."""
    moving: Variant | None = None
    """An animation in the size the spec asked for; None for stills and for those out of bounds."""
