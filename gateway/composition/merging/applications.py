"""Every directive application of a subgraph, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateway.composition.model.subgraph import Applied, Argument, Definition, Subgraph

__all__ = ["applications"]


def applications(subgraph: Subgraph) -> Iterator[Applied]:
    """Those on the schema first, then those of each type and what is in it, merged or not."""
    yield from subgraph.applied
    yield from subgraph.unmerged
    for definition in subgraph.types.values():
        yield from _of_type(definition)
    for directive in subgraph.directives.values():
        yield from _of_arguments(directive.arguments.values())


def _of_type(definition: Definition) -> Iterator[Applied]:
    yield from definition.applied
    yield from definition.federation
    for field in definition.fields.values():
        yield from field.applied
        if field.arguments:
            yield from _of_arguments(field.arguments.values())
    yield from _of_arguments(definition.inputs.values())
    for value in definition.values.values():
        yield from value.applied


def _of_arguments(arguments: Iterable[Argument]) -> Iterator[Applied]:
    for argument in arguments:
        yield from argument.applied
