"""Texts that people write to pictures and albums, checked."""

from __future__ import annotations

from typing import overload

from subgraphs.kit.errors import ErrorCode, Rejected

__all__ = ["checked_text"]


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
