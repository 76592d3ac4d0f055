"""A subgraph's document, sorted: each type with its extensions, the directives it defines, its schema definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    ExecutableDefinitionNode,
    GraphQLSyntaxError,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    parse,
)

from gateway.composition.errors import CompositionError, Location
from gateway.composition.reading.problems import Problems, Unparsable

__all__ = ["BUILT_IN_SCALARS", "Document", "TypeNodes", "read_document"]

BUILT_IN_SCALARS = ("Int", "Float", "String", "Boolean", "ID")
_KINDS = {
    "object_type": "type",
    "interface_type": "interface",
    "union_type": "union",
    "enum_type": "enum",
    "input_object_type": "input",
    "scalar_type": "scalar",
}
_WITH_OUTPUT_FIELDS = frozenset({"type", "interface"})


@dataclass(frozen=True, slots=True)
class TypeNodes:
    """All that a document says of one type. ``kind`` is GraphQL's keyword for it."""

    kind: str
    name: str
    definition: Any | None
    extensions: tuple[Any, ...]

    @property
    def nodes(self) -> tuple[Any, ...]:
        """The definition, if there is one, then the extensions."""
        return self.extensions if self.definition is None else (self.definition, *self.extensions)

    def numbered(self) -> list[tuple[int, Any]]:
        """Each declaration by its number: 0 for the definition, then the extensions."""
        extensions = list(enumerate(self.extensions, 1))
        return extensions if self.definition is None else [(0, self.definition), *extensions]


@dataclass(frozen=True, slots=True)
class Document:
    """The definitions of a document, types in the order in which they first appear."""

    schema: tuple[SchemaDefinitionNode | SchemaExtensionNode, ...]
    types: Mapping[str, TypeNodes]
    directives: Mapping[str, DirectiveDefinitionNode]

    @property
    def applied(self) -> list[DirectiveNode]:
        """The directives on the schema itself."""
        return [d for node in self.schema for d in node.directives or ()]


def read_document(name: str, sdl: str) -> Document:
    """Parse and sort a subgraph's schema; raises Unparsable, or Unreadable."""
    try:
        document = parse(sdl)
    except GraphQLSyntaxError as error:
        raise Unparsable((_syntax_error(name, error),)) from error
    except RecursionError as error:
        told = CompositionError("INVALID_GRAPHQL", f"[{name}] The schema is nested too deeply.", (name,))
        raise Unparsable((told,)) from error
    return _sorted(document, Problems(name))


def _syntax_error(name: str, error: GraphQLSyntaxError) -> CompositionError:
    where = tuple(Location(name, place.line, place.column) for place in error.locations or ())
    return CompositionError("INVALID_GRAPHQL", f"[{name}] {error.message}", (name,), where)


def _sorted(document: DocumentNode, problems: Problems) -> Document:
    schema: list[SchemaDefinitionNode | SchemaExtensionNode] = []
    types: dict[str, TypeNodes] = {}
    directives: dict[str, DirectiveDefinitionNode] = {}
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            schema.append(node)
        elif isinstance(node, ExecutableDefinitionNode):
            problems.report("A schema cannot contain an operation or a fragment.", node)
        elif isinstance(node, DirectiveDefinitionNode):
            if node.name.value in directives:
                problems.refuse(f"Directive '@{node.name.value}' is defined twice.", node)
            directives[node.name.value] = node
        else:
            _add_type(types, node, problems)
    problems.check()
    definitions_first = sorted(schema, key=lambda node: isinstance(node, SchemaExtensionNode))
    return Document(tuple(definitions_first), types, directives)


def _add_type(types: dict[str, TypeNodes], node: Any, problems: Problems) -> None:
    name: str = node.name.value
    extends = node.kind.endswith("_extension")
    kind = _KINDS[node.kind.removesuffix("_definition").removesuffix("_extension")]
    had = types.get(name)
    if extends and name in BUILT_IN_SCALARS and had is None:
        problems.refuse(f"The built-in type '{name}' cannot be extended.", node)
    if name in BUILT_IN_SCALARS and kind != "scalar":
        problems.refuse(f"'{name}' is a scalar of GraphQL's, and cannot be '{kind}'.", node)
    if not extends and had is not None and had.definition is not None:
        problems.refuse(f"Type '{name}' is defined twice.", node)
    if name.startswith("__"):
        return
    if had is None:
        types[name] = TypeNodes(kind, name, *((None, (node,)) if extends else (node, ())))
        return
    if kind != had.kind and not {kind, had.kind} <= _WITH_OUTPUT_FIELDS:
        problems.refuse(f"'{name}' is extended as '{kind}', but is '{had.kind}'.", node)
    if extends:
        types[name] = TypeNodes(had.kind, name, had.definition, (*had.extensions, node))
    else:
        types[name] = TypeNodes(kind, name, node, had.extensions)
