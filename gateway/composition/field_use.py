"""What a subgraph's own directives do with its fields: select them in keys, requirements, provisions, contexts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode

from gateway.composition.contexts import parse_context
from gateway.composition.model import Field, Subgraph
from gateway.composition.typing import named
from gateway.federation.field_sets import parse_field_set

__all__ = ["FieldUse", "Place"]

Place = tuple[str, str]
"""A type and a field of it."""


class FieldUse:
    """Of one subgraph; each part is worked out when it is first asked for."""

    def __init__(self, subgraph: Subgraph) -> None:
        self._subgraph = subgraph

    @cached_property
    def in_keys(self) -> frozenset[Place]:
        """The fields that keys select."""
        return frozenset(
            place
            for definition in self._subgraph.types.values()
            for key in definition.keys
            for place in self.selected(definition.name, key.fields)
        )

    @cached_property
    def provided(self) -> frozenset[Place]:
        """The fields that ``@provides`` select."""
        return frozenset(
            place
            for _, field in self._fields()
            if field.provides is not None
            for place in self.selected(named(field.type), field.provides)
        )

    @cached_property
    def needed(self) -> frozenset[Place]:
        """All fields that a key, a ``@requires``, a ``@provides``, a context or an interface needs."""
        required = {
            place
            for type_name, field in self._fields()
            if field.requires is not None
            for place in self.selected(type_name, field.requires)
        }
        return self.in_keys | self.provided | required | set(self._in_contexts()) | set(self._in_interfaces())

    def is_shareable(self, type_name: str, field: Field) -> bool:
        """Whether other subgraphs may resolve the field too."""
        place = (type_name, field.name)
        return field.shareable or place in self.in_keys or (field.external and place in self.provided)

    def is_fully_external(self, type_name: str, field: Field) -> bool:
        """Whether the subgraph never resolves the field."""
        return field.external and (type_name, field.name) not in self.provided

    def selected(self, type_name: str, text: str) -> Iterator[Place]:
        """The fields that a field set selects, and those that implement them."""
        try:
            selections = parse_field_set(text)
        except GraphQLSyntaxError:
            return iter(())
        return self._walk(type_name, selections)

    def _walk(self, type_name: str, selections: SelectionSetNode) -> Iterator[Place]:
        definition = self._subgraph.types.get(type_name)
        for selection in selections.selections:
            if isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                yield from self._walk(
                    condition.name.value if condition else type_name, selection.selection_set
                )
            elif isinstance(selection, FieldNode) and definition is not None:
                name = selection.name.value
                yield (type_name, name)
                for implementation in self._implementations.get(type_name, ()):
                    yield (implementation, name)
                field = definition.fields.get(name)
                if field is not None and selection.selection_set is not None:
                    yield from self._walk(named(field.type), selection.selection_set)

    @cached_property
    def _implementations(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for definition in self._subgraph.types.values():
            if definition.kind == "type":
                for interface in definition.interfaces:
                    found.setdefault(interface, []).append(definition.name)
        return found

    def _in_interfaces(self) -> Iterator[Place]:
        for interface, implementations in self._implementations.items():
            definition = self._subgraph.types.get(interface)
            for field in definition.fields if definition is not None else ():
                yield from ((name, field) for name in implementations)

    def _in_contexts(self) -> Iterator[Place]:
        for _, field in self._fields():
            for argument in field.arguments.values():
                found = parse_context(argument.context) if argument.context is not None else None
                for definition in self._subgraph.types.values() if found else ():
                    if found and found.name in definition.contexts:
                        yield from self.selected(definition.name, found.selection)

    def _fields(self) -> Iterator[tuple[str, Field]]:
        for definition in self._subgraph.types.values():
            for field in definition.fields.values():
                yield definition.name, field
