"""What a schema defines holds together: names, fields, defaults, implementations, no endless inputs."""

from __future__ import annotations

from typing import Any

from graphql import InputValueDefinitionNode, print_ast

from gateway.composition.reading.document import Document, TypeNodes
from gateway.composition.reading.problems import Problems
from gateway.composition.reading.validation.cycles import check_cycles
from gateway.composition.reading.validation.implementing import check_implementing
from gateway.composition.reading.validation.values import Constants
from gateway.federation.type_references import is_required

__all__ = ["check_definitions"]

_MEMBERS = {"type": "fields", "interface": "fields", "input": "fields", "union": "types", "enum": "values"}


def check_definitions(document: Document, constants: Constants, query: str, problems: Problems) -> None:
    """All types and directives; the type called ``query`` may be empty, for federation adds to it."""
    for name, directive in document.directives.items():
        _check_name(name, directive, problems)
        for argument in directive.arguments or ():
            _check_input(argument, f"@{name}", constants, problems)
    for nodes in document.types.values():
        _check_name(nodes.name, nodes.nodes[0], problems)
        _check_members(nodes, constants, query, problems)
    check_implementing(document, problems)
    check_cycles(document, problems)


def _check_members(nodes: TypeNodes, constants: Constants, query: str, problems: Problems) -> None:
    attribute = _MEMBERS.get(nodes.kind)
    if attribute is None:
        return
    members = [m for node in nodes.nodes for m in getattr(node, attribute, None) or ()]
    if not members and nodes.name != query:
        problems.report(f"'{nodes.name}' has no {attribute}.", nodes.nodes[0])
    for member in members if nodes.kind != "union" else ():
        _check_name(member.name.value, member, problems)
        if nodes.kind == "input":
            _check_input(member, nodes.name, constants, problems)
        for argument in getattr(member, "arguments", None) or ():
            _check_input(argument, f"{nodes.name}.{member.name.value}", constants, problems)


def _check_input(
    node: InputValueDefinitionNode, place: str, constants: Constants, problems: Problems
) -> None:
    name = node.name.value
    _check_name(name, node, problems)
    default = node.default_value
    if default is not None and not constants.fits(default, node.type):
        told = f"The default of '{name}' of '{place}' has to be '{print_ast(node.type)}'"
        problems.report(f"{told}, and is {print_ast(default)}.", node)
    if is_required(node) and _is_deprecated(node):
        problems.report(f"'{name}' of '{place}' is required, and cannot be deprecated.", node)


def _is_deprecated(node: InputValueDefinitionNode) -> bool:
    return any(d.name.value == "deprecated" for d in node.directives or ())


def _check_name(name: str, node: Any, problems: Problems) -> None:
    if name.startswith("__"):
        problems.report(f"'{name}' begins with '__', which is for introspection.", node)
