"""Comparing schemas by what they mean: order, blanks and arguments at their defaults say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLSyntaxError,
    ListValueNode,
    Node,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    parse,
    print_ast,
)

__all__ = ["differences"]

_Meaning: TypeAlias = Mapping[str, Any]
_FIELD_SETS = frozenset({"key", "requires", "provides", "selection"})
_UNORDERED = frozenset({"graphs", "import", "contextArguments"})
_AT_DEFAULT = frozenset({"resolvable: true", "extension: false", "isInterfaceObject: false"})


def differences(one: str, two: str) -> list[str]:
    """Where the schemas differ, as ``place: what the first has | what the second has``."""
    found: list[str] = []
    _compare("", _document(parse(one, no_location=True)), _document(parse(two, no_location=True)), found)
    return found


def _compare(place: str, one: Any, two: Any, found: list[str]) -> None:
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted(one.keys() | two.keys()):
            _compare(f"{place}.{key}" if place else key, one.get(key), two.get(key), found)
    elif one != two:
        found.append(f"{place}: {_shown(one)} | {_shown(two)}")


def _shown(value: Any) -> str:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _document(document: DocumentNode) -> _Meaning:
    found: dict[str, Any] = {}
    for definition in document.definitions:
        name: Any = getattr(definition, "name", None)
        key = (
            f"@{name.value}"
            if isinstance(definition, DirectiveDefinitionNode)
            else name.value
            if name
            else "schema"
        )
        found[key] = _node(definition)
    return found


def _node(node: Any) -> _Meaning:
    """A definition, a field, an argument or a value, with all it has."""
    found: dict[str, Any] = {"kind": node.kind}
    if getattr(node, "description", None):
        found["description"] = node.description.value
    if getattr(node, "type", None):
        found["type"] = print_ast(node.type)
    if getattr(node, "default_value", None):
        found["default"] = _value(node.default_value, "")
    if getattr(node, "repeatable", False):
        found["repeatable"] = True
    for one in getattr(node, "directives", None) or ():
        name = f"@{one.name.value}"
        found[name] = found.get(name, frozenset()) | {_arguments(one)}
    for part, names in (("interfaces", "name"), ("types", "name"), ("locations", "value")):
        if getattr(node, part, None):
            found[part] = frozenset(_name(n, names) for n in getattr(node, part))
    if getattr(node, "operation_types", None):
        found["roots"] = frozenset(f"{o.operation.value}: {o.type.name.value}" for o in node.operation_types)
    for part in ("fields", "arguments", "values"):
        for inner in getattr(node, part, None) or ():
            found[inner.name.value] = _node(inner)
    return found


def _name(node: Any, names: str) -> str:
    return str(node.name.value if names == "name" else node.value)


def _arguments(directive: DirectiveNode) -> str:
    told = sorted(f"{a.name.value}: {_value(a.value, a.name.value)}" for a in directive.arguments or ())
    return "(" + ", ".join(one for one in told if one not in _AT_DEFAULT) + ")"


def _value(node: ValueNode, name: str) -> str:
    if isinstance(node, StringValueNode):
        text = _field_set(node.value) if name in _FIELD_SETS else node.value
        return repr(text)
    if isinstance(node, ListValueNode):
        items: Iterable[str] = (_value(item, "") for item in node.values)
        return "[" + ", ".join(sorted(items) if name in _UNORDERED else items) + "]"
    if isinstance(node, ObjectValueNode):
        return (
            "{"
            + ", ".join(sorted(f"{f.name.value}: {_value(f.value, f.name.value)}" for f in node.fields))
            + "}"
        )
    return print_ast(node)


def _field_set(text: str) -> str:
    """A field set without what blanks and braces around it add."""
    stripped = text.strip()
    wrapped = stripped if stripped.startswith("{") else "{" + stripped + "}"
    try:
        document: Node = parse(wrapped, no_location=True)
    except GraphQLSyntaxError:
        return text
    return " ".join(print_ast(document).split())
