"""A type whose fields take arguments from contexts can be entered anew: it has a resolvable key."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.contextual_arguments import contextual_arguments

__all__ = ["context_key"]


def context_key(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each argument from a context of a type without one."""
    for found in contextual_arguments(subgraph):
        if found.value is not None and not any(key.resolvable for key in found.definition.keys):
            told = f"'{found.definition.name}' needs a resolvable @key for '{found.place}'."
            yield error_in(subgraph.name, "CONTEXT_NO_RESOLVABLE_KEY", told, found.definition.node)
