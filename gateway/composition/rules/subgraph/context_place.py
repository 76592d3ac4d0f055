"""`@fromContext` stands on arguments without default, of fields that only object types have."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Argument, Subgraph
from gateway.composition.rules.subgraph.contextual_arguments import contextual_arguments, node_of

__all__ = ["context_place"]


def context_place(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each elsewhere."""
    for told, argument in _problems(subgraph):
        yield error_in(subgraph.name, "CONTEXT_NOT_SET", told, node_of(argument))


def _problems(subgraph: Subgraph) -> Iterator[tuple[str, Argument]]:
    for directive in subgraph.directives.values():
        for argument in directive.arguments.values():
            if argument.federation:
                yield (
                    f"'@{directive.name}({argument.name}:)' is of a directive: no context fills it.",
                    argument,
                )
    for definition in subgraph.types.values():
        for field in definition.fields.values() if definition.kind == "interface" else ():
            for argument in field.arguments.values():
                if argument.federation:
                    told = f"'{definition.name}.{field.name}({argument.name}:)' is of an interface"
                    yield f"{told}: no context fills it.", argument
    for found in contextual_arguments(subgraph):
        for interface in found.definition.interfaces:
            if found.field.name in subgraph.types[interface].fields:
                told = f"'{found.place}' cannot be filled from a context: the field implements '{interface}'."
                yield told, found.argument
        if found.argument.default is not None:
            yield f"'{found.place}' cannot have a default: a context fills it.", found.argument
