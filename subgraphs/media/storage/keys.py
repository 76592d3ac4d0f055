"""What objects in the store are called: by content, and never the same twice for one that was let go."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from media_core import PIPELINE_VERSION

__all__ = [
    "FULL",
    "MARKER",
    "ORIGINAL",
    "UPLOADS",
    "blob_of",
    "edit_in",
    "new_blob",
    "original_key",
    "rendition_key",
    "session_of",
    "session_prefix",
    "still_key",
]

FULL, ORIGINAL = "full", "original"
"""Two renditions beside the sizes: the whole picture without metadata, and the untouched upload."""

MARKER = "store-identity"
"""Holds the id by which a database knows the store."""

UPLOADS = "uploads/"
"""Bytes of uploads that have not ended: quarantined, served to nobody."""

_BLOB = re.compile(r"(?:sha256/[0-9a-f]{2}/[0-9a-f]{64}/[0-9a-f]{16}|media/[0-9a-f]{2}/[0-9a-f]{32})/")
_EDITED = re.compile(_BLOB.pattern + r"[0-9]+/([^/]+)/")
_SESSION = re.compile(UPLOADS + r"([0-9a-f]{32})/")


def new_blob(sha256: str) -> str:
    """What every object of a content begins with; the random end makes each the only one of its name."""
    return f"sha256/{sha256[:2]}/{sha256}/{secrets.token_hex(8)}/"


def original_key(blob: str) -> str:
    """The upload as it came: its owner's alone."""
    return f"{blob}original"


def still_key(blob: str) -> str:
    """The picture that stands for a film: its sizes and other formats are made from it."""
    return f"{blob}still"


def rendition_key(
    blob: str, rendition: str, format_: str, pipeline: int = PIPELINE_VERSION, edit: str = ""
) -> str:
    """A size, or ``full``, in a format, as a version of the pipeline makes it of the upload, or of it edited."""
    return f"{blob}{pipeline}/{edit and f'{edit}/'}{rendition}.{format_}"


def blob_of(key: str) -> str | None:
    """The blob that an object belongs to; None for what is no blob's."""
    found = _BLOB.match(key)
    return found[0] if found else None


def edit_in(key: str) -> str:
    """The edit that an object of a blob was made for; empty for none."""
    found = _EDITED.match(key)
    return found[1] if found else ""


def session_prefix(session: UUID) -> str:
    """What every object of an unfinished upload begins with."""
    return f"{UPLOADS}{session.hex}/"


def session_of(key: str) -> UUID | None:
    """The upload that an object belongs to; None for what is no upload's."""
    found = _SESSION.match(key)
    return UUID(hex=found[1]) if found else None
