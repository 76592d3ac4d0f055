"""Rules of the merged graph, one a file, in stages: a stage is only told of where those before it found nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged
from gateway.composition.rules.merged.extension_base import extension_base
from gateway.composition.rules.merged.field_sharing import field_sharing
from gateway.composition.rules.merged.inaccessible import inaccessible
from gateway.composition.rules.merged.interface_fields import interface_fields
from gateway.composition.rules.merged.interface_keys import interface_keys
from gateway.composition.rules.merged.interface_objects import interface_objects
from gateway.composition.rules.merged.queries import queries
from gateway.composition.rules.merged.requires_arguments import requires_arguments
from gateway.composition.rules.merged.supergraph_names import supergraph_names
from gateway.composition.rules.merged.transitive_auth import transitive_auth
from gateway.composition.rules.merged.valid_applications import valid_applications
from gateway.composition.rules.merged.valid_schema import valid_schema

__all__ = ["AFTER_MERGE", "Rule"]

Rule = Callable[[Merged, Graph], Iterator[CompositionError]]

AFTER_MERGE: tuple[tuple[Rule, ...], ...] = (
    (queries, extension_base, interface_keys, interface_objects, field_sharing),
    (interface_fields, requires_arguments, transitive_auth),
    (valid_schema, valid_applications, supergraph_names),
    (inaccessible,),
)
