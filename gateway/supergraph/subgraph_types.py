"""What each subgraph knows of each type, read from the join directives."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    FieldNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    SelectionSetNode,
    UnionTypeDefinitionNode,
    value_from_ast_untyped,
)

from gateway.supergraph.join_spec import JoinField, JoinReader, parse_field_set, parse_type_text
from gateway.supergraph.model import Key, SubgraphField, SubgraphType, TypeKind

__all__ = ["read_subgraph_types"]

_Composite: TypeAlias = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode
_ByGraph: TypeAlias = dict[str, dict[str, SubgraphType]]


def read_subgraph_types(
    document: DocumentNode, join: JoinReader, graphs: Mapping[str, str], context_directive: str | None
) -> Mapping[str, Mapping[str, SubgraphType]]:
    """Read every composite type; ``graphs`` maps join__Graph values to subgraph names."""
    reader = _Reader(join, tuple(graphs), context_directive)
    definitions = [
        d
        for d in document.definitions
        if isinstance(d, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode)
        and not d.name.value.startswith(("__", join.prefix + "__"))
    ]
    by_graph: _ByGraph = {graph: {} for graph in graphs}
    for definition in definitions:
        for graph, known in reader.read(definition).items():
            by_graph[graph][definition.name.value] = known
    return MappingProxyType(
        {graphs[graph]: MappingProxyType(_with_possible(types)) for graph, types in by_graph.items()}
    )


def _with_possible(types: dict[str, SubgraphType]) -> dict[str, SubgraphType]:
    """Fill in which object types each interface can be, now that all types are known."""
    implementing: dict[str, set[str]] = {}
    for name, known in types.items():
        if known.kind is TypeKind.OBJECT:
            for interface in known.interfaces:
                implementing.setdefault(interface, set()).add(name)
    done: dict[str, SubgraphType] = {}
    for name, known in types.items():
        possible = known.possible
        if known.kind is TypeKind.INTERFACE:
            possible = frozenset(implementing.get(name, ()))
        elif known.kind is TypeKind.OBJECT:
            possible = frozenset((name,))
        done[name] = SubgraphType(
            name, known.kind, known.fields, known.keys, known.interfaces, possible,
            known.interface_object, known.contexts,
        )  # fmt: skip
    return done


class _Reader:
    def __init__(self, join: JoinReader, graphs: tuple[str, ...], context_directive: str | None) -> None:
        self.join = join
        self.graphs = graphs
        self.context_directive = context_directive

    def read(self, definition: _Composite) -> dict[str, SubgraphType]:
        directives = tuple(definition.directives or ())
        joined = self.join.types(directives)
        owners = [arguments["graph"] for arguments in self.join.applied(directives, "owner")]
        graphs = list(dict.fromkeys(owners + [one.graph for one in joined])) or list(self.graphs)
        contexts = self._contexts(directives)
        result = {}
        for graph in graphs:
            keys = tuple(
                Key(one.key, parse_field_set(one.key), one.resolvable)
                for one in joined
                if one.graph == graph and one.key is not None
            )
            interface_object = any(one.graph == graph and one.interface_object for one in joined)
            result[graph] = SubgraphType(
                name=definition.name.value,
                kind=self._kind(definition, interface_object),
                fields=self._fields(definition, graph, owners, keys),
                keys=keys,
                interfaces=self._interfaces(definition, graph),
                possible=self._members(definition, graph),
                interface_object=interface_object,
                contexts=contexts.get(graph, frozenset()),
            )
        return result

    @staticmethod
    def _kind(definition: _Composite, interface_object: bool) -> TypeKind:
        if isinstance(definition, UnionTypeDefinitionNode):
            return TypeKind.UNION
        if isinstance(definition, InterfaceTypeDefinitionNode) and not interface_object:
            return TypeKind.INTERFACE
        return TypeKind.OBJECT

    def _interfaces(self, definition: _Composite, graph: str) -> frozenset[str]:
        if isinstance(definition, UnionTypeDefinitionNode):
            return frozenset()
        declared = list(self.join.applied(tuple(definition.directives or ()), "implements"))
        if not declared:
            return frozenset(interface.name.value for interface in definition.interfaces or ())
        return frozenset(one["interface"] for one in declared if one["graph"] == graph)

    def _members(self, definition: _Composite, graph: str) -> frozenset[str]:
        if not isinstance(definition, UnionTypeDefinitionNode):
            return frozenset()
        declared = list(self.join.applied(tuple(definition.directives or ()), "unionMember"))
        if not declared:
            return frozenset(member.name.value for member in definition.types or ())
        return frozenset(one["member"] for one in declared if one["graph"] == graph)

    def _fields(
        self, definition: _Composite, graph: str, owners: list[str], keys: tuple[Key, ...]
    ) -> Mapping[str, SubgraphField]:
        if isinstance(definition, UnionTypeDefinitionNode):
            return MappingProxyType({})
        key_names = {name for key in keys for name in _top_names(key.selections)}
        fields = {}
        for field in definition.fields or ():
            joined = self.join.fields(tuple(field.directives or ()))
            if not joined:
                # Before v0.2 a field of an owned type is its owner's; others have it for their keys alone.
                if owners and graph not in owners and field.name.value not in key_names:
                    continue
                fields[field.name.value] = SubgraphField(field.name.value, field.type)
                continue
            known = next((one for one in joined if one.graph == graph), None)
            if known is not None:
                fields[field.name.value] = _field(field, known, joined)
            elif owners and field.name.value in key_names:
                fields[field.name.value] = SubgraphField(field.name.value, field.type)
        return MappingProxyType(fields)

    def _contexts(self, directives: tuple[DirectiveNode, ...]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for directive in directives:
            if directive.name.value != self.context_directive:
                continue
            for argument in directive.arguments or ():
                if argument.name.value != "name":
                    continue
                name = str(value_from_ast_untyped(argument.value))
                for graph in self.graphs:
                    if name.lower().startswith(graph.lower() + "__"):
                        found.setdefault(graph, set()).add(name)
        return {graph: frozenset(names) for graph, names in found.items()}


def _top_names(selections: SelectionSetNode) -> list[str]:
    return [one.name.value for one in selections.selections if isinstance(one, FieldNode)]


def _field(field: FieldDefinitionNode, known: JoinField, joined: list[JoinField]) -> SubgraphField:
    return SubgraphField(
        name=field.name.value,
        type=parse_type_text(known.type) if known.type else field.type,
        external=known.external,
        requires=parse_field_set(known.requires) if known.requires else None,
        provides=parse_field_set(known.provides) if known.provides else None,
        overridden=known.used_overridden or (known.override_label is not None and known.override is None),
        override_label=known.override_label,
        takes_over=known.override is not None and known.override_label is not None,
        context_arguments=known.context_arguments,
    )
