"""How its owner has a picture shown: turned by quarters, cropped around a point, with its copyright.

The upload stays as it came. What is made for any of these has keys and addresses of its own, since others may have the
same content, and show it as it is.
"""

from __future__ import annotations

from media_core import SIZES, Crop
from subgraphs.media.models import MediaFile
from subgraphs.media.storage.keys import ORIGINAL

__all__ = [
    "CROPS",
    "WHOLE",
    "crop_of",
    "cropped",
    "edit_of",
    "edits_of",
    "focus_of",
    "moves",
    "moving",
    "of_whole",
    "size_of",
    "turned",
    "whole_of",
]

CROPS = {"square": (1, 1), "portrait": (3, 4), "landscape": (4, 3), "tall": (9, 16), "wide": (16, 9)}
"""Shapes that can be asked for: width to height."""
_MOVING = "moving"
WHOLE = 1000
"""Points are kept in thousandths of a side: as exact as anyone points, and few enough to be part of a key."""


def cropped(size: str, crop: str) -> str:
    """What the rendition of a size in a shape is called."""
    return f"{size}-{crop}"


def size_of(rendition: str) -> str:
    """The size that a rendition is of."""
    return rendition.partition("-")[0]


def crop_of(row: MediaFile, rendition: str) -> Crop | None:
    """The shape a rendition is cut to, within its size's square; None where it is not cut."""
    size, _, name = rendition.partition("-")
    if size not in SIZES or name not in CROPS:
        return None
    across, down = CROPS[name]
    longest, side = max(across, down), SIZES[size]
    return Crop(round(side * across / longest), round(side * down / longest), focus=focus_of(row))


def whole_of(row: MediaFile) -> tuple[int, int]:
    """The sides of what shapes are cut from: of a film its still, which is as large as the largest size."""
    largest = row.variants.get(list(SIZES)[-1]) if row.is_film else None
    return (largest["width"], largest["height"]) if largest else (row.width, row.height)


def moving(size: str) -> str:
    """What an animation in a size is called."""
    return f"{size}-{_MOVING}"


def moves(row: MediaFile, rendition: str) -> bool:
    """Whether a rendition is the animation that this picture is."""
    size, _, name = rendition.partition("-")
    return row.frames > 1 and size in SIZES and name == _MOVING


def focus_of(row: MediaFile) -> tuple[float, float] | None:
    """What must be seen, from 0 to 1 rightwards and downwards, of the picture as it is shown."""
    if row.focus_x is None or row.focus_y is None:
        return None
    return row.focus_x / WHOLE, row.focus_y / WHOLE


def turned(row: MediaFile, quarters: int) -> tuple[int, int | None, int | None]:
    """The turn and the point of a picture that is turned by so many quarters more, clockwise."""
    x, y = row.focus_x, row.focus_y
    if x is not None and y is not None:
        for _ in range(quarters % 4):
            x, y = WHOLE - y, x
    return (row.turn + quarters) % 4, x, y


def of_whole(turn: int, *, keep_copyright: bool) -> str:
    """The edit that shows in whole pictures; empty for none."""
    return ("c" if keep_copyright else "") + (f"r{turn}" if turn else "")


def edit_of(row: MediaFile, rendition: str) -> str:
    """What its owner has changed, as far as this rendition shows it; empty for nothing."""
    if rendition == ORIGINAL or (row.turn == 0 and row.focus_x is None and not row.keep_copyright):
        return ""
    whole, cropped = edits_of(row.turn, row.focus_x, row.focus_y, row.keep_copyright)
    return cropped if crop_of(row, rendition) is not None else whole


def edits_of(
    turn: int,
    focus_x: int | None,
    focus_y: int | None,
    keep_copyright: bool,
) -> tuple[str, str]:
    """What shows in whole pictures, and what in cropped ones."""
    whole = of_whole(turn, keep_copyright=keep_copyright)
    return whole, whole + ("" if focus_x is None else f"f{focus_x}x{focus_y}")
