"""What a subgraph's SDL says of federation, and its schema as graphql-core executes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    ArgumentNode,
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListValueNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    SelectionSetNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    build_ast_schema,
    parse,
    visit,
)
from graphql.language import REMOVE, Visitor, ast

__all__ = ["FieldFacts", "SubgraphFacts", "TypeFacts", "read_subgraph", "selections_of"]

_EXECUTED = frozenset({"deprecated", "specifiedBy", "oneOf"})
_MACHINERY = """
scalar _Any
type _Service { sdl: String }
extend type Query { _service: _Service! }
"""
_FEDERATION = "specs.apollo.dev/federation/"


@dataclass
class FieldFacts:
    """What a subgraph says of a field."""

    external: bool = False
    overrides: str | None = None
    requires: SelectionSetNode | None = None
    provides: SelectionSetNode | None = None


@dataclass
class TypeFacts:
    """What a subgraph says of a type."""

    keys: list[SelectionSetNode] = field(default_factory=list)
    fields: dict[str, FieldFacts] = field(default_factory=dict)
    interface_object: bool = False


@dataclass(frozen=True, eq=False)
class SubgraphFacts:
    """A subgraph: its executable schema, and what federation adds to it."""

    schema: GraphQLSchema
    types: Mapping[str, TypeFacts]


def selections_of(text: str) -> SelectionSetNode:
    """A field set, parsed."""
    definition = parse("{" + text + "}", no_location=True).definitions[0]
    return definition.selection_set  # type: ignore[attr-defined,no-any-return] # an operation


@cache
def read_subgraph(sdl: str) -> SubgraphFacts:
    """Read an SDL of federation 1 or 2; renamed and unimported directives are understood."""
    document = parse(sdl, no_location=True)
    names = _directive_names(document)
    types: dict[str, TypeFacts] = {}
    for node in document.definitions:
        if isinstance(
            node,
            ObjectTypeDefinitionNode
            | ObjectTypeExtensionNode
            | InterfaceTypeDefinitionNode
            | InterfaceTypeExtensionNode,
        ):
            _read_type(node, names, types.setdefault(node.name.value, TypeFacts()))
    return SubgraphFacts(_schema(document, types), types)


def _read_type(node: Any, names: Mapping[str, str], facts: TypeFacts) -> None:
    own = list(_applied(node, names))
    everything_external = any(name == "external" for name, _ in own)
    facts.interface_object |= any(name == "interfaceObject" for name, _ in own)
    for name, args in own:
        if name == "key" and args.get("resolvable") is not False:
            facts.keys.append(selections_of(args["fields"]))
    for child in node.fields or ():
        made = facts.fields.setdefault(child.name.value, FieldFacts())
        made.external |= everything_external
        for name, args in _applied(child, names):
            if name == "external":
                made.external = True
            elif name == "override":
                made.overrides = None if "label" in args else args["from"]
            elif name == "requires":
                made.requires = selections_of(args["fields"])
            elif name == "provides":
                made.provides = selections_of(args["fields"])


def _applied(node: Any, names: Mapping[str, str]) -> Iterable[tuple[str, dict[str, Any]]]:
    for directive in node.directives or ():
        known = names.get(directive.name.value)
        if known:
            yield known, {a.name.value: _constant(a) for a in directive.arguments or ()}


def _constant(argument: ArgumentNode) -> Any:
    value = argument.value
    if isinstance(value, ListValueNode):
        return " ".join(one.value for one in value.values if isinstance(one, StringValueNode))
    return getattr(value, "value", None)


def _directive_names(document: DocumentNode) -> dict[str, str]:
    """How the document calls federation's directives: its names to the specification's."""
    plain = ("key", "requires", "provides", "external", "override", "interfaceObject", "shareable")
    links = [
        directive
        for node in document.definitions
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        for directive in node.directives or ()
        if any(_FEDERATION in str(_constant(a)) for a in directive.arguments or () if a.name.value == "url")
    ]
    if not links:
        return {name: name for name in plain}
    names: dict[str, str] = {}
    prefix = "federation"
    for argument in links[0].arguments or ():
        if argument.name.value == "as":
            prefix = str(_constant(argument))
        elif argument.name.value == "import" and isinstance(argument.value, ListValueNode):
            for one in argument.value.values:
                if isinstance(one, StringValueNode):
                    names[one.value.lstrip("@")] = one.value.lstrip("@")
                elif isinstance(one, ast.ObjectValueNode):
                    pair = {f.name.value: str(getattr(f.value, "value", "")) for f in one.fields}
                    names[pair.get("as", pair["name"]).lstrip("@")] = pair["name"].lstrip("@")
    return {**{f"{prefix}__{name}": name for name in plain}, **names}


def _schema(document: DocumentNode, types: Mapping[str, TypeFacts]) -> GraphQLSchema:
    """The schema without federation's directives and with the machinery's fields."""
    roots = _roots(document)
    bare: list[DefinitionNode] = list(_without_extensions(visit(document, _Bare()).definitions))
    defined = {node.name.value for node in bare if isinstance(node, TypeDefinitionNode)}
    members = sorted(
        name
        for name, facts in types.items()
        if (facts.keys or _implements_entity(name, document, types))
        and any(isinstance(n, ObjectTypeDefinitionNode) and n.name.value == name for n in bare)
    )
    query = roots.get("query", "Query")
    machinery = _MACHINERY.replace("Query", query)
    if query not in defined:
        machinery += f"\ntype {query}"
    if members:
        machinery += f"\nunion _Entity = {' | '.join(members)}"
        machinery += f"\nextend type {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}"
    schema = (
        "schema {" + " ".join(f"{kind}: {name}" for kind, name in {"query": query, **roots}.items()) + "}"
    )
    extra = parse(machinery + "\n" + schema, no_location=True)
    return build_ast_schema(DocumentNode(definitions=(*bare, *extra.definitions)), assume_valid_sdl=True)


def _implements_entity(name: str, document: DocumentNode, types: Mapping[str, TypeFacts]) -> bool:
    return any(
        types.get(one.name.value, TypeFacts()).keys
        for node in document.definitions
        if isinstance(node, ObjectTypeDefinitionNode) and node.name.value == name
        for one in node.interfaces or ()
    )


def _roots(document: DocumentNode) -> dict[str, str]:
    roots = {}
    for node in document.definitions:
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            name = node.name.value
            if name in ("Query", "Mutation", "Subscription"):
                roots[name.lower()] = name
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            roots.update({one.operation.value: one.type.name.value for one in node.operation_types or ()})
    return roots


def _without_extensions(definitions: Iterable[DefinitionNode]) -> Iterable[DefinitionNode]:
    """Extensions of types that are defined nowhere here become their definitions."""
    definitions = list(definitions)
    defined = {node.name.value for node in definitions if isinstance(node, TypeDefinitionNode)}
    for node in definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            continue
        if isinstance(node, TypeExtensionNode) and node.name.value not in defined:
            defined.add(node.name.value)
            kind = getattr(ast, type(node).__name__.replace("Extension", "Definition"))
            yield kind(**{key: getattr(node, key) for key in node.keys})
        else:
            yield node


class _Bare(Visitor):
    """Takes away every directive that a plain GraphQL server does not execute."""

    @staticmethod
    def enter_directive(node: DirectiveNode, *_: Any) -> Any:
        return None if node.name.value in _EXECUTED else REMOVE
