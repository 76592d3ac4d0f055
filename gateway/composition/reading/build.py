"""From a valid document to the model: roots by their default names, directives by what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any

from graphql import DirectiveNode, NamedTypeNode, NameNode, TypeNode

from gateway.composition.field_sets.usage import Place
from gateway.composition.model.subgraph import (
    Applied,
    Argument,
    Definition,
    DirectiveDefinition,
    Field,
    Value,
)
from gateway.composition.reading.document import Document, TypeNodes
from gateway.federation.links import Source
from gateway.federation.vocabulary import FEDERATION

__all__ = ["Builder"]

_READ_OFF = frozenset(
    [
        "key",
        "extends",
        "external",
        "requires",
        "provides",
        "shareable",
        "override",
        "interfaceObject",
        "context",
        "fromContext",
    ]
)
"""Federation's directives that the model has attributes for."""


class Builder:
    """Builds definitions; ``source`` says what a directive stands for, ``renamed`` are the root types' new names."""

    def __init__(self, source: Callable[[str], Source | None], renamed: Mapping[str, str]) -> None:
        self._source = source
        self._renamed = renamed
        self._sources: dict[str, Source | None] = {}

    def type(self, nodes: TypeNodes, ignored: frozenset[Place]) -> Definition:
        """A type with its extensions, without the fields that are ``ignored``; see meaning.py for what is left."""
        first = nodes.nodes[0]
        applied, federation = self._applied(nodes.numbered())
        kind = nodes.kind
        return Definition(
            kind=kind,
            name=self._renamed.get(nodes.name, nodes.name),
            description=_type_description(nodes),
            applied=applied,
            node=first,
            fields=self._fields(nodes, ignored) if kind in {"type", "interface"} else {},
            inputs=self._inputs(nodes) if kind == "input" else {},
            values=self._values(nodes) if kind == "enum" else {},
            members=self._names(nodes, "types"),
            interfaces=self._names(nodes, "interfaces"),
            extension=nodes.definition is None,
            federation=federation,
            nodes=nodes.nodes,
        )

    def directive(self, node: Any) -> DirectiveDefinition:
        """A directive that the schema defines."""
        source = self._source_of(node.name.value)
        return DirectiveDefinition(
            name=node.name.value,
            description=_description(node),
            arguments=self._arguments(node.arguments),
            locations=tuple(location.value for location in node.locations),
            repeatable=node.repeatable,
            node=node,
            spec=source.identity if source else None,
            spec_name=source.name if source else None,
        )

    def on_schema(self, document: Document) -> tuple[Applied, ...]:
        """The directives on the schema itself."""
        applied, federation = self._applied(list(enumerate(document.schema)))
        return (*applied, *federation)

    def within(self, node: Any) -> Iterator[Applied]:
        """Every directive that stands in a definition."""
        yield from map(self._one, getattr(node, "directives", None) or (), repeat(0))
        for children in ("fields", "arguments", "values"):
            for child in getattr(node, children, None) or ():
                yield from self.within(child)

    def _fields(self, nodes: TypeNodes, ignored: frozenset[Place]) -> dict[str, Field]:
        found = {}
        for number, declaration in nodes.numbered():
            for node in declaration.fields or ():
                if (nodes.name, node.name.value) not in ignored:
                    found[node.name.value] = self._field(node, number)
        return found

    def _field(self, node: Any, declaration: int) -> Field:
        applied, federation = self._applied_here(node.directives)
        return Field(
            name=node.name.value,
            type=self._type(node.type),
            arguments=self._arguments(node.arguments),
            description=_description(node),
            applied=applied,
            node=node,
            federation=federation,
            declaration=declaration,
        )

    def _inputs(self, nodes: TypeNodes) -> dict[str, Argument]:
        return self._arguments(f for node in nodes.nodes for f in node.fields or ())

    def _arguments(self, nodes: Iterable[Any] | None) -> dict[str, Argument]:
        return {node.name.value: self._argument(node) for node in nodes or ()}

    def _argument(self, node: Any) -> Argument:
        applied, federation = self._applied_here(node.directives)
        return Argument(
            name=node.name.value,
            type=self._type(node.type),
            default=node.default_value,
            description=_description(node),
            applied=applied,
            node=node,
            federation=federation,
        )

    def _values(self, nodes: TypeNodes) -> dict[str, Value]:
        values = [v for node in nodes.nodes for v in node.values or ()]
        return {
            v.name.value: Value(v.name.value, _description(v), self._applied_here(v.directives)[0], v)
            for v in values
        }

    def _names(self, nodes: TypeNodes, attribute: str) -> tuple[str, ...]:
        found = (n.name.value for node in nodes.nodes for n in getattr(node, attribute, None) or ())
        return tuple(dict.fromkeys(self._renamed.get(name, name) for name in found))

    def _applied(self, numbered: list[tuple[int, Any]]) -> tuple[tuple[Applied, ...], tuple[Applied, ...]]:
        found = [self._one(d, number) for number, node in numbered for d in node.directives or ()]
        return _split(found) if found else ((), ())

    def _applied_here(
        self, directives: Iterable[DirectiveNode]
    ) -> tuple[tuple[Applied, ...], tuple[Applied, ...]]:
        return _split([self._one(d, 0) for d in directives]) if directives else ((), ())

    def _one(self, node: DirectiveNode, declaration: int) -> Applied:
        source = self._source_of(node.name.value)
        if source is None:
            return Applied(node.name.value, node, None, declaration)
        return Applied(source.name, node, source.identity, declaration)

    def _source_of(self, name: str) -> Source | None:
        if name not in self._sources:
            self._sources[name] = self._source(name)
        return self._sources[name]

    def _type(self, node: TypeNode) -> TypeNode:
        """The type with roots by their default names."""
        if not self._renamed:
            return node
        if isinstance(node, NamedTypeNode):
            renamed = self._renamed.get(node.name.value)
            return node if renamed is None else NamedTypeNode(name=NameNode(value=renamed), loc=node.loc)
        inner: Any = node
        wrapped: TypeNode = type(inner)(type=self._type(inner.type))
        return wrapped


def _split(found: list[Applied]) -> tuple[tuple[Applied, ...], tuple[Applied, ...]]:
    """What the model carries on, and what its attributes are read off."""
    own = tuple(a for a in found if a.spec == FEDERATION and a.name in _READ_OFF)
    return (tuple(a for a in found if a not in own) if own else tuple(found)), own


def _description(node: Any) -> str | None:
    return node.description.value if node.description else None


def _type_description(nodes: TypeNodes) -> str | None:
    """The definition's; an extension has none."""
    return None if nodes.definition is None else _description(nodes.definition)
