"""Unions: the members that any subgraph has."""

from __future__ import annotations

from gateway.composition.merging.context import Merging
from gateway.composition.merging.report import listed

__all__ = ["merge_union"]


def merge_union(merging: Merging, name: str) -> tuple[str, ...]:
    """The members; those that some subgraphs lack are told of."""
    definitions = merging.graph.definitions[name]
    members = merging.graph.members[name]
    for member in members:
        missing = [s for s, d in definitions.items() if member not in d.members]
        if missing:
            message = f'"{member}" is a member of "{name}", but not in {listed(missing)}.'
            merging.report.hint("INCONSISTENT_UNION_MEMBER", message, name)
    return members
