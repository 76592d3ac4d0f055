"""What clients do not see, machinery and all that is ``@inaccessible``, and where that leaves no schema.

https://specs.apollo.dev/inaccessible/v0.2: an element may be hidden only where nothing that stays visible needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    EnumValueNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ListValueNode,
    ObjectValueNode,
    OperationType,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    ValueNode,
)

from gateway.federation.locations import EXECUTABLE_LOCATIONS
from gateway.federation.type_references import is_required, named_type
from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.features import Features

__all__ = ["Hidden"]

_PARTS = ("fields", "values", "types")


class Hidden:
    """The hidden elements of a document, asked by node."""

    def __init__(self, document: DocumentNode, features: Features) -> None:
        # Who writes @inaccessible without linking its specification still means to hide.
        self._directive = features.directive("inaccessible", "inaccessible") or "inaccessible"
        self._definitions: dict[str, Any] = {
            d.name.value: d for d in document.definitions if isinstance(d, TypeDefinitionNode)
        }
        self._schema = next(d for d in document.definitions if isinstance(d, SchemaDefinitionNode))
        self._directives = [
            d
            for d in document.definitions
            if isinstance(d, DirectiveDefinitionNode) and not features.owns_directive(d.name.value)
        ]
        self.types = frozenset(
            name for name, node in self._definitions.items() if self.marks(node) or features.owns_type(name)
        )
        """The names of hidden types."""

    def marks(self, node: Any) -> bool:
        """Whether the element itself is marked."""
        return any(one.name.value == self._directive for one in node.directives or ())

    def check(self) -> None:
        """Raises InvalidSupergraph, with the specification's code, at the first element that cannot be hidden."""
        for violation in self.violations():
            raise violation

    def violations(self) -> Iterator[InvalidSupergraph]:
        """Every element that is hidden though something visible needs it."""
        for definition in self._directives:
            for argument in definition.arguments or ():
                where = f"@{definition.name.value}({argument.name.value}:)"
                if not self.marks(argument):
                    yield from self._in_input(argument, where)
                elif not all(location.value in EXECUTABLE_LOCATIONS for location in definition.locations):
                    yield _violation("DISALLOWED_INACCESSIBLE", f"{where} cannot be hidden", argument)
                elif is_required(argument):
                    message = f"{where} must be given and cannot be hidden; make it optional"
                    yield _violation("REQUIRED_INACCESSIBLE", message, argument)
        for root in self._schema.operation_types:
            if root.operation is OperationType.QUERY and root.type.name.value in self.types:
                message = f"{root.type.name.value} is where queries begin and cannot be hidden"
                yield _violation("QUERY_ROOT_TYPE_INACCESSIBLE", message, root)
        for name, node in self._definitions.items():
            if name not in self.types:
                yield from self._in_type(name, node)

    def _in_type(self, name: str, node: Any) -> Iterator[InvalidSupergraph]:
        for part in _PARTS:
            children = getattr(node, part, None) or ()
            if children and all(map(self._hides, children)):
                message = f"{name} is visible and all it has is hidden; hide it too, or show some of it"
                yield _violation("ONLY_INACCESSIBLE_CHILDREN", message, node)
        for field in getattr(node, "fields", None) or ():
            where = f"{name}.{field.name.value}"
            if not isinstance(node, InputObjectTypeDefinitionNode):
                yield from self._in_field(node, field, where)
            elif not self.marks(field):
                yield from self._in_input(field, where)
            elif is_required(field):
                message = f"{where} must be given and cannot be hidden; make it optional or hide {name}"
                yield _violation("REQUIRED_INACCESSIBLE", message, field)

    def _hides(self, child: Any) -> bool:
        return child.name.value in self.types if child.kind == "named_type" else self.marks(child)

    def _in_field(self, parent: Any, field: Any, where: str) -> Iterator[InvalidSupergraph]:
        if self.marks(field):
            for interface in self._wanting(parent, field.name.value):
                message = f"{where} is hidden and {interface}.{field.name.value} is not; hide both or neither"
                yield _violation("IMPLEMENTED_BY_INACCESSIBLE", message, field)
            return
        if named_type(field.type) in self.types:
            yield _referenced(where, field)
        for argument in field.arguments or ():
            here = f"{where}({argument.name.value}:)"
            if not self.marks(argument):
                yield from self._in_input(argument, here)
                continue
            if is_required(argument):
                message = f"{here} must be given and cannot be hidden; make it optional or hide {where}"
                yield _violation("REQUIRED_INACCESSIBLE", message, argument)
            for interface in self._wanting(parent, field.name.value, argument.name.value):
                message = f"{here} is hidden and that of {interface} is not; hide both or neither"
                yield _violation("IMPLEMENTED_BY_INACCESSIBLE", message, argument)

    def _wanting(self, parent: Any, field: str, argument: str | None = None) -> Iterator[str]:
        """The visible interfaces whose implementation needs the field, or its argument, to be visible."""
        for implemented in parent.interfaces or ():
            name = implemented.name.value
            interface = self._definitions.get(name)
            if interface is None or name in self.types:
                continue
            for node in _children(interface, "fields", field):
                if self.marks(node):
                    continue
                found = [node] if argument is None else _children(node, "arguments", argument)
                if any(not self.marks(one) for one in found):
                    yield name

    def _in_input(self, node: InputValueDefinitionNode, where: str) -> Iterator[InvalidSupergraph]:
        if named_type(node.type) in self.types:
            yield _referenced(where, node)
        elif node.default_value is not None and self._uses_hidden(node.default_value, node.type):
            message = f"The default of {where} uses what is hidden; change the default, or hide {where} too"
            yield _violation("DEFAULT_VALUE_USES_INACCESSIBLE", message, node)

    def _uses_hidden(self, value: ValueNode, type_: TypeNode) -> bool:
        if isinstance(value, ListValueNode):
            return any(self._uses_hidden(one, type_) for one in value.values)
        definition = self._definitions.get(named_type(type_))
        if isinstance(value, EnumValueNode):
            return any(self.marks(one) for one in _children(definition, "values", value.value))
        if isinstance(value, ObjectValueNode):
            for given in value.fields:
                for field in _children(definition, "fields", given.name.value):
                    if self.marks(field) or self._uses_hidden(given.value, field.type):
                        return True
        return False


def _children(node: Any, part: str, name: str) -> list[Any]:
    children: Iterable[Any] = getattr(node, part, None) or ()
    return [child for child in children if child.name.value == name]


def _referenced(where: str, node: Any) -> InvalidSupergraph:
    message = f"{where} is visible and its type {named_type(node.type)} is hidden; hide both or neither"
    return _violation("REFERENCED_INACCESSIBLE", message, node)


def _violation(code: str, message: str, node: Any) -> InvalidSupergraph:
    return InvalidSupergraph(code, message, node)
