"""`@fromContext` names a context that some type sets."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.contextual_arguments import contextual_arguments, node_of

__all__ = ["context_set"]


def context_set(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each that names none, or one that is not there."""
    names = {context for definition in subgraph.types.values() for context in definition.contexts}
    for found in contextual_arguments(subgraph):
        where = node_of(found.argument)
        if found.value is None:
            told = f"'{found.place}' has to be given as '$context {{ selection }}', not '{found.argument.context}'."
            yield error_in(subgraph.name, "NO_CONTEXT_IN_SELECTION", told, where)
        elif found.value.name not in names:
            told = f"'{found.place}' is from the context '{found.value.name}', which no type sets."
            yield error_in(subgraph.name, "CONTEXT_NOT_SET", told, where)
