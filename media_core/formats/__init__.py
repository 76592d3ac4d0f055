"""The containers, read in plain Python before any decoder sees them: is it whole, how large, how many frames."""

from __future__ import annotations

from media_core.formats.header import Buffer, Header
from media_core.formats.walk import strip, survey

__all__ = ["Buffer", "Header", "strip", "survey"]
