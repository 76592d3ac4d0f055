"""What the steps of an upgrade hand on, and how they change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from gateway.composition.model.subgraph import Definition, Field

__all__ = ["Others", "Types", "each_field", "each_type", "without"]

Types: TypeAlias = Mapping[str, Definition]
Others: TypeAlias = Mapping[str, Types]
"""The other subgraphs' types, by the subgraph, as they were before any upgrade."""


def each_type(types: Types, change: Callable[[Definition], Definition]) -> Types:
    """All types, changed."""
    return {name: change(definition) for name, definition in types.items()}


def each_field(definition: Definition, change: Callable[[Field], Field]) -> Definition:
    """A definition with its fields changed."""
    fields = {name: change(field) for name, field in definition.fields.items()}
    if all(fields[name] is field for name, field in definition.fields.items()):
        return definition
    return replace(definition, fields=fields)


def without(field: Field, *directives: str) -> Field:
    """A field without some of federation's directives."""
    left = tuple(a for a in field.federation if a.name not in directives)
    return field if len(left) == len(field.federation) else replace(field, federation=left)
