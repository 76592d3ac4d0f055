"""View grants: the owner's word that this viewer may see this entity just now.

A field that another domain adds to an entity is asked of that domain alone, so the owner's policy would
never run. The owner exposes ``viewGrant: String @inaccessible``; the extender requires and verifies it.
"""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.clock import Clock
from subgraphs.kit.identity.secrets import Sealer
from subgraphs.kit.identity.viewer import Viewer

__all__ = ["ViewGrants"]

_WINDOW = 60
_LIFETIME = 120


class ViewGrants:
    """Makes and checks grants. Expiries are rounded so that equal requests stay equal."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._sealer = Sealer(secret, "view-grant")
        self._clock = clock

    def grant(self, type_name: str, entity: UUID, viewer: Viewer) -> str:
        """A grant for this entity, this viewer, and the next one to two minutes."""
        expiry = (int(self._clock.timestamp()) // _WINDOW) * _WINDOW + _LIFETIME
        return self._sealer.seal(str(expiry), _subject(type_name, entity, viewer))

    def holds(self, grant: str | None, type_name: str, entity: UUID, viewer: Viewer) -> bool:
        """Whether the grant is the owner's, for this entity and viewer, and not over."""
        expiry = self._sealer.open(grant, _subject(type_name, entity, viewer)) if grant else None
        return expiry is not None and int(expiry) > self._clock.timestamp()


def _subject(type_name: str, entity: UUID, viewer: Viewer) -> str:
    return f"{type_name}:{entity.hex}:{viewer.id.hex if viewer.id else ''}"
