"""Rules of one subgraph, one a file, listed once in the order their errors are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.model import Subgraph
from gateway.composition.rules.subgraph.external_used import external_used
from gateway.composition.rules.subgraph.field_sets import field_sets

__all__ = ["BEFORE_MERGE"]

BEFORE_MERGE: tuple[Callable[[Subgraph], Iterator[CompositionError]], ...] = (field_sets, external_used)
