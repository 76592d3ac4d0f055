"""Why an upload takes no bytes; its doors say so, each in its own words.

UploadEnded
WrongOffset
ChecksumMismatch
"""

from __future__ import annotations

__all__ = ["ChecksumMismatch", "UploadEnded", "WrongOffset"]


class UploadEnded(Exception):
    """It takes no more bytes: aborted, expired or failed."""


class WrongOffset(Exception):
    """The upload stands elsewhere than the client thinks."""


class ChecksumMismatch(Exception):
    """The bytes are not those that were sent."""
