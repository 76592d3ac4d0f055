"""Positions with room between them, so that a picture is moved without moving the others."""

from __future__ import annotations

__all__ = ["STEP", "Spread", "between"]

STEP = 1 << 20
"""Between neighbours when there is no reason for less: twenty times something is put in the same gap."""


class Spread(Exception):
    """There is no room: all positions have to be spread first."""


def between(low: int | None, high: int | None, count: int) -> list[int]:
    """``count`` rising positions above ``low`` and below ``high``; None is an open end. Raises Spread."""
    if low is None and high is None:
        low = 0
    if high is None:
        assert low is not None  # noqa: S101 - just seen to
        return [low + STEP * n for n in range(1, count + 1)]
    if low is None:
        return [high - STEP * n for n in range(count, 0, -1)]
    step = (high - low) // (count + 1)
    if step < 1:
        raise Spread
    return [low + step * n for n in range(1, count + 1)]
