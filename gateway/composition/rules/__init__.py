"""One composition rule a file, listed once in the order their errors are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from gateway.composition.errors import CompositionError
from gateway.composition.merged import MergedType
from gateway.composition.model import Subgraph
from gateway.composition.rules.extension_base import extension_base
from gateway.composition.rules.field_sharing import field_sharing
from gateway.composition.rules.interface_fields import interface_fields
from gateway.composition.rules.override_source import override_source
from gateway.composition.rules.queries import queries
from gateway.composition.rules.subgraph import BEFORE_MERGE

__all__ = ["AFTER_MERGE", "BEFORE_MERGE"]

AFTER_MERGE: tuple[
    Callable[[Sequence[Subgraph], Mapping[str, MergedType]], Iterator[CompositionError]], ...
] = (queries, extension_base, override_source, field_sharing, interface_fields)
"""Of the merged graph."""
