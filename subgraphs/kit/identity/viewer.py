"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.errors import Unauthenticated

__all__ = ["ANONYMOUS", "Viewer"]


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
