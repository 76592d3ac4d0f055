"""Who is asking, and from where."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.errors import Unauthenticated

__all__ = ["ANONYMOUS", "Viewer", "is_loopback"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller of one request."""

    id: UUID | None = None
    roles: frozenset[str] = frozenset()
    session: UUID | None = None
    address: str | None = None
    """The client's address, as the gateway saw it; present for mutations."""

    def require(self) -> UUID:
        """The viewer's id; raises Unauthenticated for an anonymous caller."""
        if self.id is None:
            raise Unauthenticated
        return self.id


ANONYMOUS = Viewer()


def is_loopback(address: str | None) -> bool:
    """Whether the client sits on this machine; unknown addresses do not."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)
