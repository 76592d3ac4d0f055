"""What `@inaccessible` hides leaves a schema behind that holds together (https://specs.apollo.dev/inaccessible/v0.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import EnumValueNode, ListValueNode, ObjectValueNode, ValueNode

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Application, Merged, MergedArgument, MergedField, MergedType
from gateway.composition.model.typing import base
from gateway.composition.rules.merged.supergraph_names import MACHINERY

__all__ = ["inaccessible"]


def inaccessible(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each thing that is shown and cannot do without something that is hidden."""
    yield from _Checker(merged, merged.spec_directive("inaccessible", "inaccessible")).errors()


class _Checker:
    def __init__(self, merged: Merged, name: str | None) -> None:
        self._types = merged.types
        self._merged = merged
        self._name = name
        self._hidden_types = {n for n, t in merged.types.items() if self._hides(t.applied)}

    def errors(self) -> Iterator[CompositionError]:
        for one in self._types.values():
            if one.name.startswith(MACHINERY):
                continue
            if self._is_of_specification(one.name):
                yield from self._specification_type(one)
            elif one.name in self._hidden_types:
                if one.name == "Query":
                    told = '"Query" is hidden, so nothing can be asked'
                    yield _error("QUERY_ROOT_TYPE_INACCESSIBLE", told, one.sources)
            else:
                yield from self._shown_type(one)
        yield from self._directives()

    def _hides(self, applied: tuple[Application, ...]) -> bool:
        return any(a.name == self._name for a in applied)

    def _shown_type(self, one: MergedType) -> Iterator[CompositionError]:
        children: Mapping[str, Any] = one.fields or one.inputs or one.values
        hidden = [n for n, c in children.items() if self._hides(c.applied)]
        members = [m for m in one.members if m in self._hidden_types]
        if (children and len(hidden) == len(children)) or (one.members and len(members) == len(one.members)):
            told = f'All that "{one.name}" has is hidden, and the type itself is not'
            yield _error("ONLY_INACCESSIBLE_CHILDREN", told, one.sources)
        for field in one.fields.values():
            if self._hides(field.applied):
                yield from self._hidden_field(one, field)
            else:
                yield from self._shown_field(one, field)
        for given in one.inputs.values():
            place = f"{one.name}.{given.name}"
            if not self._hides(given.applied):
                yield from self._shown_input(place, given)
            elif given.required:
                yield _error("REQUIRED_INACCESSIBLE", f'"{place}" is hidden and required', given.sources)

    def _hidden_field(self, one: MergedType, field: MergedField) -> Iterator[CompositionError]:
        for interface in self._shown_interfaces(one, field.name):
            told = f'"{one.name}.{field.name}" is hidden, and implements "{interface.name}.{field.name}"'
            yield _error("IMPLEMENTED_BY_INACCESSIBLE", told, field.sources)

    def _shown_field(self, one: MergedType, field: MergedField) -> Iterator[CompositionError]:
        place = f"{one.name}.{field.name}"
        yield from self._reference(base(field.type), place, field.sources)
        for argument in field.arguments.values():
            here = f"{place}({argument.name}:)"
            if self._hides(argument.applied):
                yield from self._hidden_argument(one, field, argument, here)
            else:
                yield from self._shown_input(here, argument)

    def _hidden_argument(
        self, one: MergedType, field: MergedField, argument: MergedArgument, here: str
    ) -> Iterator[CompositionError]:
        if argument.required:
            yield _error("REQUIRED_INACCESSIBLE", f'"{here}" is hidden and required', argument.sources)
        for interface in self._shown_interfaces(one, field.name):
            other = interface.fields[field.name].arguments.get(argument.name)
            if other is not None and not self._hides(other.applied):
                told = f'"{here}" is hidden, and "{interface.name}.{field.name}" has it'
                yield _error("IMPLEMENTED_BY_INACCESSIBLE", told, argument.sources)
        for implementation in self._types.values() if one.kind == "interface" else ():
            own = implementation.fields.get(field.name) if one.name in implementation.interfaces else None
            if own is None or implementation.name in self._hidden_types or self._hides(own.applied):
                continue
            other = own.arguments.get(argument.name)
            if other is not None and other.required and not self._hides(other.applied):
                told = f'"{here}" is hidden, and required in "{implementation.name}.{field.name}"'
                yield _error("REQUIRED_INACCESSIBLE", told, other.sources)

    def _shown_interfaces(self, one: MergedType, field: str) -> Iterator[MergedType]:
        """The interfaces whose field, of that name, is shown."""
        for name in one.interfaces:
            interface = self._types[name]
            found = interface.fields.get(field)
            if found is not None and name not in self._hidden_types and not self._hides(found.applied):
                yield interface

    def _shown_input(self, place: str, argument: MergedArgument) -> Iterator[CompositionError]:
        type_name = base(argument.type)
        yield from self._reference(type_name, place, argument.sources)
        for told in self._hidden_values(type_name, argument.default):
            message = f'The default value of "{place}" uses {told}, which is hidden'
            yield _error("DEFAULT_VALUE_USES_INACCESSIBLE", message, argument.sources)

    def _hidden_values(self, type_name: str, value: ValueNode | None) -> Iterator[str]:
        """The hidden values and input fields in a value of a type that is shown."""
        found = self._types.get(type_name)
        if found is None or found.name in self._hidden_types:
            return
        if isinstance(value, ListValueNode):
            for item in value.values:
                yield from self._hidden_values(type_name, item)
        elif isinstance(value, EnumValueNode) and value.value in found.values:
            if self._hides(found.values[value.value].applied):
                yield f'"{type_name}.{value.value}"'
        elif isinstance(value, ObjectValueNode):
            for given in value.fields:
                field = found.inputs.get(given.name.value)
                if field is not None and self._hides(field.applied):
                    yield f'"{type_name}.{field.name}"'
                if field is not None:
                    yield from self._hidden_values(base(field.type), given.value)

    def _reference(
        self, type_name: str, place: str, sources: Mapping[str, Any]
    ) -> Iterator[CompositionError]:
        """What is shown is of a type that is shown, so of none of a specification's."""
        found = self._types.get(type_name)
        if type_name in self._hidden_types:
            told = f'Type "{type_name}" is hidden, and "{place}" is of that type'
        elif self._is_of_specification(type_name):
            told = f'Type "{type_name}" is of a linked specification, and "{place}" is of that type'
        else:
            return
        yield _error("REFERENCED_INACCESSIBLE", told, found.sources if found else {}, sources)

    def _is_of_specification(self, name: str) -> bool:
        return name.startswith(MACHINERY) or any(
            name.startswith(f"{spec.alias}__") for spec in self._merged.specs
        )

    def _specification_type(self, one: MergedType) -> Iterator[CompositionError]:
        children: Mapping[str, Any] = one.fields or one.inputs or one.values
        if one.name in self._hidden_types or any(self._hides(c.applied) for c in children.values()):
            told = f'"{one.name}" is of a linked specification and cannot be hidden'
            yield _error("DISALLOWED_INACCESSIBLE", told, one.sources)

    def _directives(self) -> Iterator[CompositionError]:
        composed = {n.removeprefix("@") for spec in self._merged.specs for n in spec.imports.values()}
        for directive in self._merged.directives.values():
            for argument in directive.arguments.values():
                place = f"@{directive.name}({argument.name}:)"
                if not self._hides(argument.applied):
                    if not (directive.name in composed and self._is_of_specification(base(argument.type))):
                        yield from self._shown_input(place, argument)
                elif directive.name in composed:
                    told = f'"{place}" is of a linked specification and cannot be hidden'
                    yield _error("DISALLOWED_INACCESSIBLE", told, argument.sources)
                elif argument.required:
                    yield _error(
                        "REQUIRED_INACCESSIBLE", f'"{place}" is hidden and required', argument.sources
                    )


def _error(code: str, message: str, *sources: Mapping[str, Any]) -> CompositionError:
    found = [(s, source) for by in sources for s, source in by.items() if source is not None]
    where = tuple(place for s, source in found for place in location_of(s, source.node))
    return CompositionError(code, f"{message}.", tuple(dict.fromkeys(s for s, _ in found)), where)
