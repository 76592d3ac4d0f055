"""A type that implements an interface has its fields (https://spec.graphql.org/draft/#IsValidImplementation())."""

from __future__ import annotations

from typing import Any

from graphql import (
    FieldDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    TypeNode,
    print_ast,
)

from gateway.composition.reading.document import Document, TypeNodes
from gateway.composition.reading.problems import Problems
from gateway.federation.type_references import is_required, named_type, print_type

__all__ = ["check_implementing"]


def check_implementing(document: Document, problems: Problems) -> None:
    """Report each interface that a type claims and does not fulfil."""
    check = _Implementing(document, problems)
    for nodes in document.types.values():
        if nodes.kind in {"type", "interface"}:
            check.type(nodes)


class _Implementing:
    def __init__(self, document: Document, problems: Problems) -> None:
        self._types = document.types
        self._problems = problems
        self._fields: dict[str, dict[str, FieldDefinitionNode]] = {}

    def type(self, nodes: TypeNodes) -> None:
        """One type and all the interfaces that it says it implements."""
        claimed = _interfaces(nodes)
        for name in claimed:
            interface = self._types[name]
            if name == nodes.name:
                self._problems.report(f"'{name}' cannot implement itself.", nodes.nodes[0])
                continue
            for field, expected in self._fields_of(interface).items():
                self._field(nodes, name, expected, self._fields_of(nodes).get(field))
            for other in _interfaces(interface):
                if other not in claimed:
                    told = f"'{nodes.name}' implements '{name}', and has to implement its '{other}' too."
                    self._problems.report(told, nodes.nodes[0])

    def _field(
        self, nodes: TypeNodes, interface: str, expected: FieldDefinitionNode, own: FieldDefinitionNode | None
    ) -> None:
        name = expected.name.value
        place = f"'{nodes.name}.{name}'"
        if own is None:
            told = f"'{nodes.name}' implements '{interface}', but has no field '{name}'."
            self._problems.report(told, nodes.nodes[0])
            return
        if not self._is_subtype(own.type, expected.type):
            told = f"{place} is '{print_ast(own.type)}'; '{interface}' asks for '{print_ast(expected.type)}'."
            self._problems.report(told, own)
        arguments = {a.name.value: a for a in own.arguments or ()}
        for argument in expected.arguments or ():
            given = arguments.pop(argument.name.value, None)
            if given is None or print_type(given.type) != print_type(argument.type):
                told = f"{place} has to take '{print_ast(argument)}', as '{interface}' does."
                self._problems.report(told, given or own)
        for argument in arguments.values():
            if is_required(argument):
                told = f"{place} cannot require '{argument.name.value}': '{interface}' does not know it."
                self._problems.report(told, argument)

    def _fields_of(self, nodes: TypeNodes) -> dict[str, FieldDefinitionNode]:
        found = self._fields.get(nodes.name)
        if found is None:
            found = {f.name.value: f for node in nodes.nodes for f in node.fields or ()}
            self._fields[nodes.name] = found
        return found

    def _is_subtype(self, narrow: TypeNode, wide: TypeNode) -> bool:
        if isinstance(wide, NonNullTypeNode):
            return isinstance(narrow, NonNullTypeNode) and self._is_subtype(narrow.type, wide.type)
        if isinstance(narrow, NonNullTypeNode):
            return self._is_subtype(narrow.type, wide)
        if isinstance(wide, ListTypeNode) or isinstance(narrow, ListTypeNode):
            return (
                isinstance(wide, ListTypeNode)
                and isinstance(narrow, ListTypeNode)
                and self._is_subtype(narrow.type, wide.type)
            )
        return named_type(narrow) == named_type(wide) or self._stands_for(
            named_type(narrow), named_type(wide)
        )

    def _stands_for(self, narrow: str, wide: str) -> bool:
        one, other = self._types.get(narrow), self._types.get(wide)
        if one is None or other is None:
            return False
        if other.kind == "union":
            return any(t.name.value == narrow for node in other.nodes for t in node.types or ())
        return other.kind == "interface" and wide in _interfaces(one)


def _interfaces(nodes: TypeNodes) -> list[str]:
    found: list[Any] = [i for node in nodes.nodes for i in getattr(node, "interfaces", None) or ()]
    return [i.name.value for i in found]
