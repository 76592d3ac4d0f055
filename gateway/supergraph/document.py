"""Supergraph text to one document of definitions: whole, named once, extensions folded in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSyntaxError,
    NamedTypeNode,
    NameNode,
    Node,
    OperationType,
    OperationTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    parse,
    specified_scalar_types,
)

from gateway.federation.type_references import named_node
from gateway.supergraph.errors import InvalidSupergraph

__all__ = ["read_document"]

_PARTS = ("directives", "interfaces", "fields", "types", "values", "operation_types")
_ROOTS = ("Query", "Mutation", "Subscription")


def read_document(sdl: str, *, places: bool = False) -> DocumentNode:
    """Parse schema definitions; with ``places`` each node knows where it stands. Raises InvalidSupergraph."""
    definitions = _parse(sdl, places)
    schema: SchemaDefinitionNode | None = None
    types: dict[str, TypeDefinitionNode] = {}
    directives: dict[str, DirectiveDefinitionNode] = {}
    extensions: list[SchemaExtensionNode | TypeExtensionNode] = []
    for node in definitions:
        if isinstance(node, SchemaDefinitionNode):
            if schema is not None:
                raise _invalid("The schema is defined twice; keep one definition", node)
            schema = node
        elif isinstance(node, TypeDefinitionNode):
            _add(types, node, "type")
        elif isinstance(node, DirectiveDefinitionNode):
            _add(directives, node, "directive")
        elif isinstance(node, SchemaExtensionNode | TypeExtensionNode):
            extensions.append(node)
        else:
            message = "A supergraph has schema definitions only; this is an operation or a fragment"
            raise _invalid(message, node)
    schema = _extend_schema(schema, types, [e for e in extensions if isinstance(e, SchemaExtensionNode)])
    _extend_types(types, [e for e in extensions if isinstance(e, TypeExtensionNode)])
    document = DocumentNode(definitions=(schema, *directives.values(), *types.values()))
    for definition in (*directives.values(), *types.values()):
        _check_members(definition, types)
    return document


def _invalid(message: str, node: Node | None = None) -> InvalidSupergraph:
    return InvalidSupergraph("INVALID_GRAPHQL", message, node)


def _parse(sdl: str, places: bool) -> Iterable[Node]:
    try:
        return parse(sdl, no_location=not places).definitions
    except GraphQLSyntaxError as error:
        where = error.locations[0] if error.locations else None
        message = _kind_of(sdl) or f"Not GraphQL: {error.message.removeprefix('Syntax Error: ')}"
        place = (where.line, where.column) if where else None
        raise InvalidSupergraph("INVALID_GRAPHQL", message, place=place) from error


def _kind_of(text: str) -> str | None:
    """What text that is no SDL is instead, where that can be told."""
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return "The supergraph is empty; compose the subgraphs and give the SDL that results"
    if text.lstrip().startswith(("{", "[")):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return None
        return "This is JSON, such as an introspection result or a router's own format; a supergraph is SDL"
    return None


def _add(found: dict[str, Any], node: Any, what: str) -> None:
    name = node.name.value
    if name in found:
        raise _invalid(f"The {what} {name} is defined twice; keep one definition", node)
    found[name] = node


def _extend_schema(
    schema: SchemaDefinitionNode | None, types: dict[str, TypeDefinitionNode], extensions: list[Any]
) -> SchemaDefinitionNode:
    if schema is None:
        roots = tuple(
            OperationTypeDefinitionNode(
                operation=OperationType(name.lower()), type=NamedTypeNode(name=NameNode(value=name))
            )
            for name in _ROOTS
            if name in types
        )
        schema = SchemaDefinitionNode(operation_types=roots, directives=())
    extended: SchemaDefinitionNode = _folded(schema, extensions)
    seen: dict[str, Any] = {}
    for root in extended.operation_types:
        if root.operation.value in seen:
            raise _invalid(f"The {root.operation.value} root is named twice; keep one", root)
        seen[root.operation.value] = root
        if root.type.name.value not in types:
            raise _invalid(f"The {root.operation.value} root {root.type.name.value} is not defined", root)
    return extended


def _extend_types(types: dict[str, TypeDefinitionNode], extensions: list[TypeExtensionNode]) -> None:
    by_name: dict[str, list[TypeExtensionNode]] = {}
    for extension in extensions:
        name = extension.name.value
        base = types.get(name)
        if base is None:
            raise _invalid(f"{name} is extended and nowhere defined", extension)
        if base.kind != extension.kind.replace("_extension", "_definition"):
            raise _invalid(f"{name} is extended as another kind of type than it is", extension)
        by_name.setdefault(name, []).append(extension)
    for name, found in by_name.items():
        types[name] = _folded(types[name], found)


def _folded(base: Any, extensions: Iterable[Any]) -> Any:
    added = {
        part: (*(getattr(base, part) or ()), *(n for e in extensions for n in getattr(e, part) or ()))
        for part in _PARTS
        if hasattr(base, part)
    }
    return replace(base, **added) if extensions else base


def _check_members(node: Any, types: dict[str, TypeDefinitionNode]) -> None:
    """Names within a definition are unique, and the types it uses are defined."""
    owner = node.name.value
    for part, what in (("fields", "field"), ("values", "value"), ("arguments", "argument")):
        _check_unique(getattr(node, part, None) or (), owner, what)
    for field in getattr(node, "fields", None) or ():
        _check_unique(getattr(field, "arguments", None) or (), f"{owner}.{field.name.value}", "argument")
    for used in _used(node):
        if used.name.value not in types and used.name.value not in specified_scalar_types:
            raise _invalid(f"{owner} uses the type {used.name.value}, which is not defined", used)


def _check_unique(nodes: Iterable[Any], owner: str, what: str) -> None:
    seen: set[str] = set()
    for node in nodes:
        if node.name.value in seen:
            raise _invalid(f"{owner} has the {what} {node.name.value} twice; keep one", node)
        seen.add(node.name.value)


def _used(node: Any) -> Iterator[NamedTypeNode]:
    yield from getattr(node, "interfaces", None) or ()
    yield from getattr(node, "types", None) or ()
    for part in (*(getattr(node, "fields", None) or ()), *(getattr(node, "arguments", None) or ())):
        yield named_node(part.type)
        for argument in getattr(part, "arguments", None) or ():
            yield named_node(argument.type)
