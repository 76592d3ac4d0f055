"""What each subgraph knows of each composite type, read from the join directives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    FieldNode,
    Node,
    ObjectTypeDefinitionNode,
    SelectionSetNode,
    UnionTypeDefinitionNode,
    print_ast,
    value_from_ast_untyped,
)

from gateway.federation.type_references import named_type
from gateway.supergraph.errors import InvalidSupergraph
from gateway.supergraph.field_sets import Composite, declared_fields, missing_from
from gateway.supergraph.join_spec import JoinField, JoinReader, JoinType
from gateway.supergraph.model import Key, SubgraphField, SubgraphType, TypeKind

__all__ = ["composite_types", "read_subgraph_types", "with_possible"]

_Fields: TypeAlias = dict[str, dict[str, SubgraphField]]


def composite_types(document: DocumentNode) -> dict[str, Composite]:
    """The definitions of types that have fields or members, by name."""
    return {d.name.value: d for d in document.definitions if isinstance(d, Composite)}


def read_subgraph_types(
    composites: Mapping[str, Composite], join: JoinReader, context_directive: str | None
) -> dict[str, dict[str, SubgraphType]]:
    """What is said of every composite type, by the subgraph's value of ``join__Graph``, then by name.

    Raises InvalidSupergraph.
    """
    reader = _Reader(join, context_directive, composites)
    by_graph: dict[str, dict[str, SubgraphType]] = {graph: {} for graph in join.subgraphs}
    for definition in composites.values():
        for graph, known in reader.read(definition).items():
            by_graph[graph][definition.name.value] = known
    return by_graph


def with_possible(types: Mapping[str, SubgraphType]) -> dict[str, SubgraphType]:
    """One subgraph's types, referring to none it has not, with the object types that each can be."""
    implementing: dict[str, set[str]] = {}
    for name, known in types.items():
        if known.kind is TypeKind.OBJECT:
            for interface in known.interfaces & types.keys():
                implementing.setdefault(interface, set()).add(name)
    done: dict[str, SubgraphType] = {}
    for name, known in types.items():
        possible = known.possible.intersection(types)
        if known.kind is TypeKind.INTERFACE:
            possible = frozenset(implementing.get(name, ()))
        elif known.kind is TypeKind.OBJECT:
            possible = frozenset((name,))
        done[name] = replace(known, interfaces=known.interfaces.intersection(types), possible=possible)
    return done


class _Reader:
    def __init__(
        self, join: JoinReader, context_directive: str | None, composites: Mapping[str, Composite]
    ) -> None:
        self.declared = declared_fields(composites)
        self.join = join
        self.context_directive = context_directive
        self.graphs = {info.name: graph for graph, info in join.subgraphs.items()}

    def read(self, definition: Composite) -> dict[str, SubgraphType]:
        joined = self.join.types(definition.directives)
        owners = self.join.owners(definition.directives)
        by_graph: dict[str, list[JoinType]] = {graph: [] for graph in owners}
        for one in joined:
            if one.key is not None:
                self._check(one.key[1], definition.name.value, "key", definition)
            by_graph.setdefault(one.graph, []).append(one)
        # What says of no subgraph where it is, is everywhere: value types in v0.1.
        by_graph = by_graph or {graph: [] for graph in self.join.subgraphs}
        fields = self._fields(definition, by_graph, owners)
        members = self._members(definition, by_graph)
        interfaces = self._interfaces(definition, by_graph)
        contexts = self._contexts(definition.directives)
        return {
            graph: SubgraphType(
                name=definition.name.value,
                kind=_kind(definition, ones),
                fields=MappingProxyType(fields[graph]),
                keys=_keys(ones),
                interfaces=interfaces[graph],
                possible=members[graph],
                interface_object=any(one.interface_object for one in ones),
                contexts=contexts.get(graph, frozenset()),
            )
            for graph, ones in by_graph.items()
        }

    def _interfaces(self, definition: Composite, graphs: Iterable[str]) -> dict[str, frozenset[str]]:
        if isinstance(definition, UnionTypeDefinitionNode):
            return dict.fromkeys(graphs, frozenset())
        everywhere = frozenset(interface.name.value for interface in definition.interfaces or ())
        return _spread(self.join.pairs(definition.directives, "implements", "interface"), graphs, everywhere)

    def _members(self, definition: Composite, graphs: Iterable[str]) -> dict[str, frozenset[str]]:
        if not isinstance(definition, UnionTypeDefinitionNode):
            return dict.fromkeys(graphs, frozenset())
        everywhere = frozenset(member.name.value for member in definition.types or ())
        return _spread(self.join.pairs(definition.directives, "unionMember", "member"), graphs, everywhere)

    def _fields(
        self, definition: Composite, by_graph: Mapping[str, list[JoinType]], owners: list[str]
    ) -> _Fields:
        found: _Fields = {graph: {} for graph in by_graph}
        if isinstance(definition, UnionTypeDefinitionNode):
            return found
        unreal = {graph: _extension_key_fields(ones) for graph, ones in by_graph.items()}
        for field in definition.fields or ():
            name = field.name.value
            joined = self.join.fields(field.directives)
            if not joined:
                # Before v0.2 a field of an owned type that says nothing is its owner's.
                for graph in owners or by_graph:
                    found[graph][name] = SubgraphField(name, field.type)
            for one in joined:
                if one.requires is not None:
                    self._check(one.requires, definition.name.value, "requires", field)
                if one.provides is not None:
                    self._check(one.provides, named_type(field.type), "provides", field)
                if one.graph in found:
                    found[one.graph][name] = _field(field, one, name in unreal[one.graph])
        return found

    def _check(self, selections: SelectionSetNode, parent: str, what: str, node: Node) -> None:
        missing = missing_from(selections, parent, self.declared)
        if missing is not None:
            message = f"{what}: {print_ast(selections)} selects {missing}"
            raise InvalidSupergraph("INVALID_FEDERATION_SUPERGRAPH", " ".join(message.split()), node)

    def _contexts(self, directives: Iterable[DirectiveNode] | None) -> dict[str, frozenset[str]]:
        """The contexts set at the type; ``<subgraph>__<context>`` is what they are called."""
        found: dict[str, set[str]] = {}
        for directive in directives or ():
            if directive.name.value != self.context_directive:
                continue
            for argument in directive.arguments or ():
                name = str(value_from_ast_untyped(argument.value))
                graph = self.graphs.get(name.rpartition("__")[0])
                if argument.name.value == "name" and graph is not None:
                    found.setdefault(graph, set()).add(name)
        return {graph: frozenset(names) for graph, names in found.items()}


def _kind(definition: Composite, joined: list[JoinType]) -> TypeKind:
    if isinstance(definition, UnionTypeDefinitionNode):
        return TypeKind.UNION
    if isinstance(definition, ObjectTypeDefinitionNode) or any(one.interface_object for one in joined):
        return TypeKind.OBJECT
    return TypeKind.INTERFACE


def _keys(joined: list[JoinType]) -> tuple[Key, ...]:
    return tuple(Key(*one.key, resolvable=one.resolvable) for one in joined if one.key is not None)


def _extension_key_fields(joined: list[JoinType]) -> frozenset[str]:
    """Key fields of an extension: marked external there, the subgraph has them nevertheless."""
    return frozenset(
        selection.name.value
        for one in joined
        if one.extension and one.key is not None
        for selection in one.key[1].selections
        if isinstance(selection, FieldNode)
    )


def _spread(
    pairs: list[tuple[str, str]], graphs: Iterable[str], everywhere: frozenset[str]
) -> dict[str, frozenset[str]]:
    """What each graph has; all of them everything where it is not said."""
    if not pairs:
        return dict.fromkeys(graphs, everywhere)
    return {graph: frozenset(name for one, name in pairs if one == graph) for graph in graphs}


def _field(field: FieldDefinitionNode, known: JoinField, extension_key: bool) -> SubgraphField:
    return SubgraphField(
        name=field.name.value,
        type=known.type or field.type,
        external=known.external and not extension_key,
        requires=known.requires,
        provides=known.provides,
        overridden=known.used_overridden or (known.override_label is not None and known.override is None),
        override_label=known.override_label,
        takes_over=known.override is not None and known.override_label is not None,
        context_arguments=known.context_arguments,
    )
