"""What people write, checked: texts of pictures and albums, and the words of a form and of tus' headers."""

from __future__ import annotations

from typing import overload

from subgraphs.kit.errors import ErrorCode, Rejected

__all__ = ["VISIBILITIES", "YES_OR_NO", "checked_alt_text", "checked_text"]

VISIBILITIES = {"public": "PUBLIC", "private": "PRIVATE"}
YES_OR_NO = {"true": True, "false": False}
"""What GraphQL has as values."""
_LONGEST_ALT_TEXT = 1500


@overload
def checked_text(text: str, field: str, longest: int, *, least: int = 0) -> str: ...
@overload
def checked_text(text: str | None, field: str, longest: int, *, least: int = 0) -> str | None: ...
def checked_text(text: str | None, field: str, longest: int, *, least: int = 0) -> str | None:
    """Without spaces around it; None stays None. Raises Rejected."""
    if text is None:
        return None
    text = text.strip()
    if not least <= len(text) <= longest or "\0" in text:
        message = f"This has between {least} and {longest:,} characters."
        raise Rejected(ErrorCode.INVALID_INPUT, message, field)
    return text


def checked_alt_text(text: str | None) -> str | None:
    """Without what surrounds it; None for nothing. Raises Rejected."""
    text = (text or "").strip()
    if len(text) > _LONGEST_ALT_TEXT:
        message = f"An alternative text has at most {_LONGEST_ALT_TEXT} characters."
        raise Rejected(ErrorCode.INVALID_INPUT, message, "altText")
    return text or None
