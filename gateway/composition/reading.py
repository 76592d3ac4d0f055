"""From a subgraph's SDL to its model: links and renames resolved, roots renamed, extensions merged in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLSyntaxError,
    NamedTypeNode,
    NameNode,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeNode,
    parse,
    value_from_ast_untyped,
)

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.model import Applied, Argument, Definition, Field, Key, Subgraph, Value
from gateway.federation.directives import MACHINERY_FIELDS, MACHINERY_TYPES
from gateway.federation.linking import read_links
from gateway.federation.links import FEDERATION, Link, LinkError
from gateway.federation.specifications import specification
from gateway.federation.vocabulary import UPGRADE_VERSION

__all__ = ["graph_names", "read_subgraph"]

_KINDS = {
    "object_type": "type",
    "interface_type": "interface",
    "union_type": "union",
    "enum_type": "enum",
    "input_object_type": "input",
    "scalar_type": "scalar",
}
_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
_KEPT = frozenset({"deprecated", "specifiedBy", "oneOf", "inaccessible", "tag"})
"""Applied directives that a supergraph carries on."""
_GUARDS = frozenset({"authenticated", "requiresScopes", "policy", "fromContext"})
"""Applied directives without which a graph would answer more, or other, than its authors allow."""


class _Refused(Exception):
    def __init__(self, error: CompositionError) -> None:
        self.error = error


def graph_names(names: Sequence[str]) -> dict[str, str]:
    """The values of ``join__Graph``: upper case, other characters as ``_``, kept apart by a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        graph = re.sub(r"\W", "_", name).upper()
        graph = f"_{graph}" if graph[:1].isdigit() else graph
        graph = f"{graph}_" if re.search(r"_\d+$", graph) else graph
        unique, number = graph, 0
        while unique in taken:
            number += 1
            unique = f"{graph}_{number}"
        taken.add(unique)
        found[name] = unique
    return found


def read_subgraph(name: str, url: str, sdl: str, graph: str) -> Subgraph | CompositionError:
    """The subgraph, or why it cannot be read."""
    if name == "_":
        return CompositionError("INVALID_SUBGRAPH_NAME", "A subgraph cannot be called '_'.", (name,))
    try:
        document = parse(sdl)
    except GraphQLSyntaxError as error:
        where = error.locations[0] if error.locations else None
        text = f"[{name}] {error.message}" + (f" (line {where.line}, column {where.column})" if where else "")
        return CompositionError("INVALID_GRAPHQL", text, (name,))
    try:
        link = _federation_link(name, document)
        return _Reader(name, link).subgraph(document, url, graph)
    except _Refused as refused:
        return refused.error


def _federation_link(name: str, document: DocumentNode) -> Link | None:
    directives: list[DirectiveNode] = []
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            directives += definition.directives or ()
    try:
        links = read_links(directives, {})
    except LinkError as error:
        message = f"[{name}] {error}"
        raise _Refused(CompositionError(error.code, message, (name,))) from error
    return links.get(FEDERATION) if links else None


class _Reader:
    """Reads the definitions of one subgraph."""

    def __init__(self, name: str, link: Link | None) -> None:
        self._name = name
        self._link = link
        version = link.version if link else UPGRADE_VERSION
        known = specification(FEDERATION, version)
        directives = known.directives if known else ()
        self._names = {link.local_name(d) if link else d: d for d in directives}
        self._renamed: dict[str, str] = {}

    def subgraph(self, document: DocumentNode, url: str, graph: str) -> Subgraph:
        self._renamed = _renamed_roots(document)
        types: dict[str, Definition] = {}
        for node in document.definitions:
            kind = _KINDS.get(node.kind.removesuffix("_definition").removesuffix("_extension"))
            if kind is None or _is_machinery(node):
                continue
            read = self._definition(kind, node)
            types[read.name] = _joined(types[read.name], read) if read.name in types else read
        types = {n: d for n, d in types.items() if d.kind != "type" or d.fields or n not in _ROOTS.values()}
        version = self._link.version if self._link else (2, 0)
        return Subgraph(self._name, url, version, types, graph)

    def _definition(self, kind: str, node: Any) -> Definition:
        applied = self._applied(node)
        by_name = [(self._names.get(d.name.value), d) for d in node.directives or ()]
        fields = [f for f in getattr(node, "fields", None) or () if f.name.value not in MACHINERY_FIELDS]
        shareable = self._link is None or any(n == "shareable" for n, _ in by_name)
        external = any(n == "external" for n, _ in by_name)
        keys = tuple(self._key(d) for n, d in by_name if n == "key")
        return Definition(
            kind=kind,
            name=self._type_name(node.name.value),
            description=node.description.value if getattr(node, "description", None) else None,
            applied=applied,
            node=node,
            fields={f.name.value: self._field(f, shareable, external) for f in fields if kind != "input"},
            inputs={f.name.value: self._argument(f) for f in fields if kind == "input"},
            values={v.name.value: _value(v, self._applied(v)) for v in getattr(node, "values", None) or ()},
            members=tuple(t.name.value for t in getattr(node, "types", None) or ()),
            interfaces=tuple(i.name.value for i in getattr(node, "interfaces", None) or ()),
            keys=keys,
            extension=node.kind.endswith("extension") or any(n == "extends" for n, _ in by_name),
            interface_object=any(n == "interfaceObject" for n, _ in by_name),
        )

    def _field(self, node: Any, shareable: bool, external: bool) -> Field:
        found: dict[str, dict[str, Any]] = {}
        for directive in node.directives or ():
            name = self._names.get(directive.name.value)
            if name is not None:
                found[name] = _given(directive)
        override = found.get("override", {})
        return Field(
            name=node.name.value,
            type=self._type(node.type),
            arguments={a.name.value: self._argument(a) for a in node.arguments or ()},
            description=node.description.value if node.description else None,
            applied=self._applied(node),
            node=node,
            external=external or "external" in found,
            shareable=shareable or "shareable" in found,
            requires=self._fields("requires", found, node),
            provides=self._fields("provides", found, node),
            override=override.get("from"),
            override_label=override.get("label"),
        )

    def _argument(self, node: Any) -> Argument:
        return Argument(
            name=node.name.value,
            type=self._type(node.type),
            default=node.default_value,
            description=node.description.value if node.description else None,
            applied=self._applied(node),
            node=node,
        )

    def _key(self, directive: DirectiveNode) -> Key:
        given = _given(directive)
        fields = given.get("fields")
        if not isinstance(fields, str):
            self._refuse("KEY_INVALID_FIELDS_TYPE", "@key takes its fields as a string.", directive)
        return Key(" ".join(str(fields).split()), given.get("resolvable") is not False)

    def _fields(self, name: str, found: dict[str, dict[str, Any]], node: Node) -> str | None:
        if name not in found:
            return None
        fields = found[name].get("fields")
        if not isinstance(fields, str):
            code = f"{name.upper()}_INVALID_FIELDS_TYPE"
            self._refuse(code, f"@{name} takes its fields as a string.", node)
        return " ".join(str(fields).split())

    def _applied(self, node: Any) -> tuple[Applied, ...]:
        """What a supergraph keeps, by the specifications' own names. What guards data is never dropped unsaid."""
        kept = []
        for directive in node.directives or ():
            name = self._names.get(directive.name.value, directive.name.value)
            if name in _GUARDS and directive.name.value in self._names:
                message = f"@{name} is not carried into supergraphs: compose without it, or elsewhere."
                self._refuse("UNSUPPORTED_FEATURE", message, directive)
            if name in _KEPT:
                kept.append(Applied(name, directive, FEDERATION if name in self._names.values() else None))
        return tuple(kept)

    def _type(self, node: TypeNode) -> TypeNode:
        """The type with roots by their default names."""
        if isinstance(node, NamedTypeNode):
            renamed = self._type_name(node.name.value)
            return node if renamed == node.name.value else NamedTypeNode(name=NameNode(value=renamed))
        inner: Any = node
        wrapped: TypeNode = type(inner)(type=self._type(inner.type))
        return wrapped

    def _type_name(self, name: str) -> str:
        return self._renamed.get(name, name)

    def _refuse(self, code: str, message: str, node: Node) -> None:
        where = location_of(self._name, node)
        raise _Refused(CompositionError(code, f"[{self._name}] {message}", (self._name,), where))


def _renamed_roots(document: DocumentNode) -> dict[str, str]:
    renamed = {}
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            for operation in definition.operation_types or ():
                renamed[operation.type.name.value] = _ROOTS[operation.operation.value]
    return renamed


def _is_machinery(node: Any) -> bool:
    name: str = node.name.value
    return name in MACHINERY_TYPES or name.startswith(("federation__", "link__", "join__"))


def _given(directive: DirectiveNode) -> dict[str, Any]:
    return {a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()}


def _value(node: Any, applied: tuple[Applied, ...]) -> Value:
    return Value(node.name.value, node.description.value if node.description else None, applied, node)


def _joined(one: Definition, two: Definition) -> Definition:
    """A definition and its extension, as one."""
    base, extra = (two, one) if one.extension and not two.extension else (one, two)
    return Definition(
        kind=base.kind,
        name=base.name,
        description=base.description or extra.description,
        applied=(*base.applied, *extra.applied),
        node=base.node,
        fields={**base.fields, **extra.fields},
        inputs={**base.inputs, **extra.inputs},
        values={**base.values, **extra.values},
        members=_distinct((*base.members, *extra.members)),
        interfaces=_distinct((*base.interfaces, *extra.interfaces)),
        keys=tuple(dict.fromkeys((*base.keys, *extra.keys))),
        extension=base.extension and extra.extension,
        interface_object=base.interface_object or extra.interface_object,
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
