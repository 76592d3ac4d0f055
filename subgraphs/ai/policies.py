"""What may be found: the index holds public things alone, and this has the last word on each."""

from __future__ import annotations

from subgraphs.kit.authorization.relations import Relation

__all__ = ["may_be_found"]


def may_be_found(owner: Relation, *, withdrawn: bool) -> bool:
    """Not across a block, and not what was narrowed or deleted before its event has arrived here."""
    return not owner.severed and not withdrawn
