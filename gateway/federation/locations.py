"""Where directives may stand in what clients send (https://spec.graphql.org/draft/#ExecutableDirectiveLocation)."""

from __future__ import annotations

__all__ = ["EXECUTABLE_LOCATIONS"]

EXECUTABLE_LOCATIONS = frozenset(
    {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
    }
)
