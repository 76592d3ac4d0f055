"""What is wanted of a picture, and what it may cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["DEFAULT", "PIPELINE_VERSION", "SIZES", "Crop", "Films", "Format", "Limits", "Spec"]

PIPELINE_VERSION = 3
"""Part of every stored variant's key: raised when the same input would come out as other bytes."""

SIZES: dict[str, int] = {"thumbnail": 150, "small": 400, "medium": 800, "large": 1920}
"""The side of the square each size fits in, smallest first."""


class Format(StrEnum):
    """The formats a picture can be written in."""

    WEBP = "webp"
    AVIF = "avif"
    JPEG = "jpeg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """The MIME type."""
        return f"image/{self.value}"

    @property
    def alpha(self) -> bool:
        """Whether transparency survives; where not, it is flattened onto the background."""
        return self is not Format.JPEG


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture may be, and what work on it may cost."""

    max_bytes: int = 128 * 1024 * 1024
    max_pixels: int = 50_000_000
    """Of one frame."""
    max_side: int = 32_767
    max_frames: int = 1_000
    max_animation_pixels: int = 5_000_000_000
    """Width × height × frames: what a viewer of the animation would have to decode."""
    max_moving_frames: int = 150
    """Above it, an animation is shown by its still alone."""
    cpu_seconds: int = 8
    wall_seconds: float = 20.0
    """Only for what does not burn CPU; twice as much, since a busy machine is not the picture's fault."""


@dataclass(frozen=True, slots=True)
class Films:
    """Which films are taken, and what one may be; its work is within :class:`Limits`, too."""

    kinds: tuple[str, ...] = ("mp4", "mov", "webm")
    max_bytes: int = 128 * 1024 * 1024
    max_seconds: int = 600
    max_pixels: int = 4096 * 2304
    """Of one frame: a decoder holds up to seventeen of them."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One run of the pipeline. ``sizes`` are names of :data:`SIZES`."""

    sizes: tuple[str, ...] = ("thumbnail", "small", "medium", "large")
    format: Format = Format.WEBP
    quality: int | None = None
    """The encoder's scale; None is the format's measured default."""
    full_size: bool = False
    """Also give the whole picture without metadata (``Processed.full``)."""
    moving: str | None = None
    """The size in which an animation is also given moving (``Processed.moving``)."""
    background: tuple[int, int, int] = (255, 255, 255)
    """What shows through in a format without transparency."""
    keep_copyright: bool = False
    """Whether the Exif copyright and artist stay with every output: by its owner's choice only."""
    turn: int = 0
    """Quarters of a circle clockwise, from how the file has it upright: 0 to 3."""
    films: Films | None = None
    """Which are taken beside pictures; None is none."""
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        unknown = [name for name in (*self.sizes, self.moving) if name is not None and name not in SIZES]
        if unknown:
            raise ValueError(f"unknown sizes: {', '.join(unknown)}")
        if self.quality is not None and not 1 <= self.quality <= 100:
            raise ValueError("quality is from 1 to 100")
        if not 0 <= self.turn <= 3:
            raise ValueError("a turn is from 0 to 3 quarters")

    def to_message(self) -> dict[str, Any]:
        """As plain JSON, for the worker."""
        return asdict(self)

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Spec:
        """The other way round."""
        red, green, blue = message["background"]
        films = message["films"]
        return cls(
            **{
                **message,
                "sizes": tuple(message["sizes"]),
                "format": Format(message["format"]),
                "background": (red, green, blue),
                "films": films and Films(**{**films, "kinds": tuple(films["kinds"])}),
                "limits": Limits(**message["limits"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Crop:
    """A shape to cut a picture to, in CSS pixels. A picture that is smaller gives the shape, smaller."""

    width: int
    height: int
    dpr: float = 1.0
    """Pixels of the screen for one of CSS, from 1 to 3."""
    focus: tuple[float, float] | None = None
    """What must be seen, from 0 to 1 rightwards and downwards; None is where there is most to see."""

    def __post_init__(self) -> None:
        if not (1 <= self.width <= MAX_CROP and 1 <= self.height <= MAX_CROP):
            raise ValueError(f"a side is from 1 to {MAX_CROP}")
        if not 1 <= self.dpr <= 3:
            raise ValueError("dpr is from 1 to 3")
        if self.focus is not None and not all(0 <= at <= 1 for at in self.focus):
            raise ValueError("the focus is from 0 to 1")

    def within(self, width: int, height: int) -> tuple[int, int]:
        """The sides of what comes out of a picture of that size: it is never enlarged."""
        wide, high = self.width * self.dpr, self.height * self.dpr
        shrink = min(1.0, width / wide, height / high)
        return max(1, round(wide * shrink)), max(1, round(high * shrink))


MAX_CROP = 2048
"""CSS pixels a side."""

DEFAULT = Spec()
