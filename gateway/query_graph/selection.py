"""Selections with fragments expanded and equal fields merged: what a planner walks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SelectionNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from gateway.query_graph.printing import print_arguments, print_directive

__all__ = ["TYPENAME", "Conditions", "Field", "Fragment", "Normalizer", "Selection", "Selections"]


class Field:
    """A field: ``key`` is what its value is called in the answer, ``directives`` their printed text."""

    __slots__ = ("arguments", "directives", "key", "name", "selections", "type_name", "variables")

    def __init__(
        self,
        name: str,
        key: str,
        arguments: str,
        directives: str,
        variables: tuple[str, ...],
        type_name: str,
        selections: Selections | None,
    ) -> None:
        self.name = name
        self.key = key
        self.arguments = arguments
        self.directives = directives
        self.variables = variables
        self.type_name = type_name
        self.selections = selections


class Fragment:
    """Selections for one type (None: whatever the type is), perhaps under conditions, perhaps deferred."""

    __slots__ = ("deferral", "directives", "selections", "type_condition", "variables")

    def __init__(
        self,
        type_condition: str | None,
        directives: str,
        variables: tuple[str, ...],
        selections: Selections,
        deferral: int | None = None,
    ) -> None:
        self.type_condition = type_condition
        self.directives = directives
        self.variables = variables
        self.selections = selections
        self.deferral = deferral
        """The number of its ``@defer`` in the document, where that is heeded."""


Selection: TypeAlias = Field | Fragment
Selections: TypeAlias = tuple[Selection, ...]

_Key: TypeAlias = tuple[str | None, str, str, int | None]
"""Type condition, response key, directives and deferral: what is equal in all of them is merged."""
_Heads: TypeAlias = dict[_Key, tuple[FieldNode | None, tuple[DirectiveNode, ...]]]
"""The first node of each field, none of a fragment; and the directives that are not settled."""
Conditions: TypeAlias = frozenset[tuple[str, bool]]
"""Boolean variables and the values they are known to have."""

TYPENAME = Field("__typename", "__typename", "", "", (), "String", None)


class Normalizer:
    """Turns AST selections into Selections; one for each document."""

    def __init__(
        self,
        schema: GraphQLSchema,
        possible: Mapping[str, frozenset[str]],
        fragments: Mapping[str, FragmentDefinitionNode],
        deferrals: Mapping[int, int] = MappingProxyType({}),
        count: Callable[[], object] = lambda: None,
    ) -> None:
        """``deferrals``: of each ``@defer`` directive (by id) to be heeded, its number; others are left out.

        ``count`` is called for every selection, however often a fragment repeats it; it may raise.
        """
        self.schema = schema
        self.possible = possible
        self.fragments = fragments
        self.deferrals = deferrals
        self.count = count

    def normalize(
        self, nodes: Iterable[SelectionNode], parent: str, known: Conditions = frozenset()
    ) -> Selections:
        """Expand, merge and drop what can never apply to ``parent``, or where ``known`` conditions hold."""
        collected: dict[_Key, list[tuple[SelectionNode, ...]]] = {}
        heads: _Heads = {}
        self._collect(nodes, parent, known, collected, heads)
        made: list[Selection] = []
        for key, bodies in collected.items():
            node, directives = heads[key]
            nested = bodies[0] if len(bodies) == 1 else tuple(node for body in bodies for node in body)
            if node is not None:
                made.append(self._field(node, key[1], directives, key[2], nested, parent, known))
                continue
            selections = self.normalize(nested, key[0] or parent, known | _conditions(directives))
            if selections:
                made.append(Fragment(key[0], key[2], _directive_variables(directives), selections, key[3]))
        return tuple(made)

    def _collect(
        self,
        nodes: Iterable[SelectionNode],
        parent: str,
        known: Conditions,
        collected: dict[_Key, list[tuple[SelectionNode, ...]]],
        heads: _Heads,
    ) -> None:
        for node in nodes:
            self.count()
            directives = node.directives
            deferral = None
            if directives:
                deferral = next((self.deferrals[id(d)] for d in directives if id(d) in self.deferrals), None)
                kept = _fold(directives, known)
                if kept is None:
                    continue
                directives = kept
            text = _print_directives(directives) if directives else ""
            if isinstance(node, FieldNode):
                response_key = node.alias.value if node.alias else node.name.value
                key: _Key = ("", response_key, text, None)
                inner = node.selection_set.selections if node.selection_set else ()
                heads.setdefault(key, (node, directives or ()))
                collected.setdefault(key, []).append(inner)
                continue
            condition, body = self._fragment(node)
            narrowed = self._narrow(condition, parent)
            if narrowed == "":
                continue
            if narrowed is None and not text and deferral is None:
                self._collect(body, parent, known, collected, heads)
                continue
            key = (narrowed, "", text, deferral)
            heads.setdefault(key, (None, directives or ()))
            collected.setdefault(key, []).append(body)

    def _fragment(self, node: SelectionNode) -> tuple[str | None, tuple[SelectionNode, ...]]:
        if isinstance(node, FragmentSpreadNode):
            definition = self.fragments[node.name.value]
            return definition.type_condition.name.value, definition.selection_set.selections
        assert isinstance(node, InlineFragmentNode)  # noqa: S101
        condition = node.type_condition.name.value if node.type_condition else None
        return condition, node.selection_set.selections

    def _narrow(self, condition: str | None, parent: str) -> str | None:
        """None where the condition says nothing new, an empty string where it can never hold."""
        if condition is None or condition == parent:
            return None
        if not self.possible[parent] & self.possible[condition]:
            return ""
        return None if is_subtype(self.schema, parent, condition) else condition

    def _field(
        self,
        node: FieldNode,
        key: str,
        directives: tuple[DirectiveNode, ...],
        text: str,
        nested: tuple[SelectionNode, ...],
        parent: str,
        known: Conditions,
    ) -> Field:
        name = node.name.value
        if name.startswith("__"):
            # __schema and __type too: the gateway answers them, so what is below does not matter here.
            if name == key == "__typename" and not directives:
                return TYPENAME
            return Field(name, key, "", text, _directive_variables(directives), "String", None)
        owner = self.schema.type_map[parent]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101
        named = get_named_type(owner.fields[name].type)
        arguments, variables = "", _directive_variables(directives)
        if node.arguments:
            arguments = print_arguments(node.arguments)
            variables += tuple(v for argument in node.arguments for v in _variables(argument.value))
        selections = None
        if is_composite_type(named):
            if directives:
                known = known | _conditions(directives)
            selections = self.normalize(nested, named.name, known)
        return Field(name, key, arguments, text, variables, named.name, selections)


def is_subtype(schema: GraphQLSchema, name: str, of: str) -> bool:
    """Whether every ``name`` is an ``of`` by declaration."""
    wider = schema.type_map.get(of)
    narrower = schema.type_map.get(name)
    return (
        is_abstract_type(wider)
        and isinstance(narrower, GraphQLObjectType | GraphQLInterfaceType)
        and schema.is_sub_type(wider, narrower)
    )


def possible_types(schema: GraphQLSchema) -> dict[str, frozenset[str]]:
    """Which object types each composite type can be."""
    found = {}
    for name, known in schema.type_map.items():
        if is_abstract_type(known):
            found[name] = frozenset(one.name for one in schema.get_possible_types(known))
        elif is_composite_type(known):
            found[name] = frozenset((name,))
    return found


def _fold(directives: tuple[DirectiveNode, ...], known: Conditions) -> tuple[DirectiveNode, ...] | None:
    """Leave out conditions that are settled; None where one of them excludes the selection."""
    kept: dict[str, DirectiveNode] = {}
    for directive in directives:
        name = directive.name.value
        if name in ("skip", "include"):
            value = directive.arguments[0].value if directive.arguments else None
            if isinstance(value, BooleanValueNode):
                if value.value == (name == "skip"):
                    return None
                continue
            if isinstance(value, VariableNode):
                variable, wanted = value.name.value, name == "include"
                if (variable, not wanted) in known:
                    return None
                if (variable, wanted) in known:
                    continue
                known = known | {(variable, wanted)}
        elif name == "defer":
            continue
        kept[print_directive(directive)] = directive
    return tuple(kept[text] for text in sorted(kept))


def _conditions(directives: tuple[DirectiveNode, ...]) -> Conditions:
    """The values of variables under which what is so marked is selected."""
    return frozenset(
        (argument.value.name.value, directive.name.value == "include")
        for directive in directives
        if directive.name.value in ("skip", "include")
        for argument in directive.arguments or ()
        if isinstance(argument.value, VariableNode)
    )


def _print_directives(directives: tuple[DirectiveNode, ...]) -> str:
    return "".join(" " + print_directive(directive) for directive in directives)


def _directive_variables(directives: tuple[DirectiveNode, ...]) -> tuple[str, ...]:
    return tuple(
        variable
        for directive in directives
        for argument in directive.arguments or ()
        for variable in _variables(argument.value)
    )


def _variables(value: ValueNode) -> list[str]:
    if isinstance(value, VariableNode):
        return [value.name.value]
    if isinstance(value, ListValueNode):
        return [name for item in value.values for name in _variables(item)]
    if isinstance(value, ObjectValueNode):
        return [name for entry in value.fields for name in _variables(entry.value)]
    return []
