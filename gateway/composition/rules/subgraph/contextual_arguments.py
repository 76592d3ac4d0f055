"""The arguments that a subgraph fills from contexts: shared by the rules of `@fromContext`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import Node

from gateway.composition.field_sets.contexts import ContextValue, parse_context
from gateway.composition.model.subgraph import Argument, Definition, Field, Subgraph

__all__ = ["ContextualArgument", "contextual_arguments", "node_of"]


@dataclass(frozen=True, slots=True)
class ContextualArgument:
    """An argument of a field of an object type; ``value`` is None where it names no context."""

    definition: Definition
    field: Field
    argument: Argument
    value: ContextValue | None

    @property
    def place(self) -> str:
        """What it is called in messages."""
        return f"{self.definition.name}.{self.field.name}({self.argument.name}:)"


def contextual_arguments(subgraph: Subgraph) -> Iterator[ContextualArgument]:
    """Each on an object type, where alone they can be."""
    for definition in subgraph.types.values():
        for field in definition.fields.values() if definition.kind == "type" else ():
            for argument in field.arguments.values():
                if argument.context is not None:
                    value = parse_context(argument.context)
                    usable = value if value is not None and value.selection else None
                    yield ContextualArgument(definition, field, argument, usable)


def node_of(argument: Argument) -> Node:
    """Where its ``@fromContext`` is written."""
    return argument.federation[0].node
