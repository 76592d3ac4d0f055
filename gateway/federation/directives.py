"""Names with a meaning of their own in federated schemas, and the join specification that goes with a version."""

from __future__ import annotations

__all__ = ["GUARDS", "MACHINERY_FIELDS", "MACHINERY_TYPES", "ROOT_TYPES", "join_version"]

GUARDS = ("authenticated", "requiresScopes", "policy")
"""The directives that guard data."""

ROOT_TYPES = frozenset({"Query", "Mutation", "Subscription"})
"""What root types are called in a supergraph."""

MACHINERY_TYPES = frozenset({"_Any", "_Entity", "_Service"})
"""Types that a subgraph's SDL may define for the protocol's sake; they are no part of the graph."""

MACHINERY_FIELDS = frozenset({"_entities", "_service"})


def join_version(federation: tuple[int, int]) -> str:
    """The join specification a supergraph of this federation version is written in."""
    if federation >= (2, 8):
        return "v0.5"
    return "v0.4" if federation >= (2, 7) else "v0.3"
