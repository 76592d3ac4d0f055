"""What a caller may not have, held back on completion: wherever it stands, it is null, and an error says so."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.execution.places import ResponsePath
from gateway.supergraph import Denied

__all__ = ["UNAUTHORIZED", "Guard"]

UNAUTHORIZED = "UNAUTHORIZED_FIELD_OR_TYPE"


@dataclass(frozen=True, slots=True)
class Guard:
    """``denied`` by type and field; ``removed`` are places, response keys alone, that nothing was fetched for."""

    denied: Denied
    removed: frozenset[tuple[str, ...]]

    def holds_back(self, parent: str, field: str, kind: str, path: ResponsePath) -> bool:
        """Whether a field of an object of type ``parent``, itself of type ``kind``, is not for this caller."""
        if (parent, field) in self.denied.fields or kind in self.denied.types:
            return True
        return bool(self.removed) and tuple([s for s in path if isinstance(s, str)]) in self.removed
