"""What comes out: frozen values, safe to hand between threads and to keep."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ImageMetadata", "Processed", "Variant", "media_type_of"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoded picture, or a film. ``format`` is lower case: webp, avif, jpeg, png, gif; mp4, webm."""

    data: bytes
    width: int
    height: int
    format: str

    @property
    def media_type(self) -> str:
        """The MIME type."""
        return media_type_of(self.format)


def media_type_of(format_: str) -> str:
    """The MIME type of a picture's or a film's format."""
    return _FILMS.get(format_) or f"image/{format_}"


_FILMS = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}


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
    milliseconds: int | None = None
    """How long a film is; None of a picture."""


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
    """The whole picture, turned upright, sRGB, no metadata; only when the spec asked for it. Of a film the whole film."""
    moving: Variant | None = None
    """An animation in the size the spec asked for; None for stills and for those out of bounds."""
    still: Variant | None = None
    """Of a film the picture that stands for it, from which sizes in other formats can be made."""
