"""Who calls, for as long as their request takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["Caller"]


class Caller(Struct, frozen=True):
    """One client of one request."""

    address: str
    claims: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """Of the verified access token; empty for an anonymous caller."""

    @property
    def anonymous(self) -> bool:
        return "sub" not in self.claims
