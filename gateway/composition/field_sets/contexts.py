"""``@fromContext(field:)``: which context a value is from, and what is selected there."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ContextValue", "parse_context"]

_IGNORED = r"(?:[\n\r\t ,]|#[^\n\r]*)*"
_VALUE = re.compile(rf"{_IGNORED}\${_IGNORED}([A-Za-z_][A-Za-z0-9_]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ContextValue:
    """``$name selection``."""

    name: str
    selection: str


def parse_context(text: str) -> ContextValue | None:
    """The value, None where it is not of that form."""
    match = _VALUE.fullmatch(text)
    return ContextValue(match[1], match[2]) if match else None
