"""What a picture's objects are called in the store."""

from __future__ import annotations

from uuid import UUID

from media_core import PIPELINE_VERSION

__all__ = ["FULL", "ORIGINAL", "original_key", "prefix", "rendition_key"]

FULL, ORIGINAL = "full", "original"
"""Two renditions beside the sizes: the whole picture without metadata, and the untouched upload."""


def prefix(media: UUID) -> str:
    """What every object of a picture begins with; spread over folders by the id's random end."""
    return f"media/{media.hex[-2:]}/{media.hex}/"


def original_key(media: UUID) -> str:
    """The upload as it came: its owner's alone."""
    return f"{prefix(media)}original"


def rendition_key(media: UUID, rendition: str, format_: str) -> str:
    """A size, or ``full``, in a format, as this version of the pipeline makes it."""
    return f"{prefix(media)}{PIPELINE_VERSION}/{rendition}.{format_}"
