"""One composition rule a file: those of one subgraph, and those of the merged graph."""

from __future__ import annotations

from gateway.composition.rules.merged import AFTER_MERGE
from gateway.composition.rules.subgraph import broken_rules

__all__ = ["AFTER_MERGE", "broken_rules"]
