"""A cascade: each size is made from the one above it, so the large decode is read once."""

from __future__ import annotations

from PIL import Image

__all__ = ["fit", "reduce_to", "turned_by", "upright"]

_REDUCING_GAP = 3.0
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_CLOCKWISE = ((1, 6, 3, 8), (2, 7, 4, 5))
"""Orientations, each a quarter further than the one before: as they are, and mirrored."""


def fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The largest size of this shape in a square of ``side``; never larger than it is."""
    width, height = size
    longest = max(width, height)
    if longest <= side:
        return size
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def reduce_to(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Lanczos; Pillow premultiplies alpha while it does so."""
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)


def turned_by(orientation: int, quarters: int) -> int:
    """The orientation that also turns so many quarters clockwise, after it is upright."""
    cycle = next(cycle for cycle in _CLOCKWISE if orientation in cycle)
    return cycle[(cycle.index(orientation) + quarters) % 4]


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Turned and mirrored as the camera meant it."""
    turn = _TURNS.get(orientation)
    return picture.transpose(turn) if turn is not None else picture
