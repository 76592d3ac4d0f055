"""Every type that a schema refers to is there, and of a kind that can stand where it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphql import InputValueDefinitionNode, NamedTypeNode

from gateway.composition.field_sets.usage import Place
from gateway.composition.reading.document import Document, TypeNodes
from gateway.composition.reading.problems import Problems
from gateway.federation.type_references import named_node

__all__ = ["check_directive_arguments", "check_references", "check_roots"]

_INPUTS = frozenset({"scalar", "enum", "input"})
_OUTPUTS = frozenset({"scalar", "enum", "type", "interface", "union"})


def check_directive_arguments(document: Document, kinds: Mapping[str, str], problems: Problems) -> None:
    """The arguments of the directives that the schema defines. Raises Unreadable on an unknown type."""
    for name, node in document.directives.items():
        seen = set()
        for argument in node.arguments or ():
            if argument.name.value in seen:
                problems.refuse(f"'@{name}' has two arguments '{argument.name.value}'.", argument)
            seen.add(argument.name.value)
            _check_input(argument, f"@{name}", kinds, problems)


def check_roots(document: Document, kinds: Mapping[str, str], problems: Problems) -> None:
    """The root types that the schema names."""
    seen: dict[str, str] = {}
    for schema in document.schema:
        for node in schema.operation_types or ():
            name, operation = node.type.name.value, node.operation.value
            if seen.setdefault(name, operation) != operation:
                problems.report(f"'{name}' cannot be more than one root type.", node)
            if name not in kinds:
                problems.report(f"The root type '{name}' is not defined.", node)
            elif kinds[name] != "type":
                problems.report(
                    f"The root type '{name}' has to be an object type, and is '{kinds[name]}'.", node
                )


def check_references(
    document: Document, kinds: Mapping[str, str], ignored: frozenset[Place], problems: Problems
) -> None:
    """All that types refer to, and no field twice. Raises Unreadable on an unknown type.

    ``ignored`` fields are not looked at.
    """
    for nodes in document.types.values():
        if nodes.kind in {"type", "interface", "input"}:
            _check_fields(nodes, kinds, ignored, problems)
            _check_interfaces(nodes, kinds, problems)
        elif nodes.kind == "union":
            _check_members(nodes, kinds, problems)


def _check_fields(
    nodes: TypeNodes, kinds: Mapping[str, str], ignored: frozenset[Place], problems: Problems
) -> None:
    seen = set()
    for declaration in nodes.nodes:
        for field in declaration.fields or ():
            name = field.name.value
            if (nodes.name, name) in ignored:
                continue
            if name in seen:
                problems.refuse(f"'{nodes.name}' has two fields '{name}'.", field)
            seen.add(name)
            if nodes.kind == "input":
                _check_input(field, nodes.name, kinds, problems)
                continue
            found = named_node(field.type)
            if _kind(found, kinds, problems) not in _OUTPUTS:
                told = f"'{nodes.name}.{name}' cannot answer '{found.name.value}', an input type."
                problems.report(told, field)
            for argument in field.arguments or ():
                _check_input(argument, f"{nodes.name}.{name}", kinds, problems)


def _check_input(
    node: InputValueDefinitionNode, place: str, kinds: Mapping[str, str], problems: Problems
) -> None:
    found = named_node(node.type)
    if _kind(found, kinds, problems) not in _INPUTS:
        problems.report(f"'{node.name.value}' of '{place}' cannot take '{found.name.value}'.", node)


def _check_interfaces(nodes: TypeNodes, kinds: Mapping[str, str], problems: Problems) -> None:
    for node in _once(nodes, "interfaces", problems):
        name = node.name.value
        if kinds.get(name) is None:
            problems.report(f"'{nodes.name}' implements '{name}', which is not defined.", node)
        elif kinds[name] != "interface":
            problems.report(f"'{nodes.name}' cannot implement '{name}': it is '{kinds[name]}'.", node)


def _check_members(nodes: TypeNodes, kinds: Mapping[str, str], problems: Problems) -> None:
    for node in _once(nodes, "types", problems):
        name = node.name.value
        if kinds.get(name) is None:
            problems.report(f"'{nodes.name}' has the member '{name}', which is not defined.", node)
        elif kinds[name] != "type":
            problems.report(f"'{nodes.name}' cannot have the member '{name}': it is '{kinds[name]}'.", node)


def _once(nodes: TypeNodes, attribute: str, problems: Problems) -> Iterator[NamedTypeNode]:
    seen: set[str] = set()
    for node in _all(nodes, attribute):
        if node.name.value in seen:
            problems.report(f"'{nodes.name}' names '{node.name.value}' twice.", node)
        seen.add(node.name.value)
        yield node


def _all(nodes: TypeNodes, attribute: str) -> Iterable[NamedTypeNode]:
    return [node for declaration in nodes.nodes for node in getattr(declaration, attribute, None) or ()]


def _kind(node: NamedTypeNode, kinds: Mapping[str, str], problems: Problems) -> str:
    found = kinds.get(node.name.value)
    if found is None:
        problems.refuse(f"Type '{node.name.value}' is not defined.", node)
    return found
