"""What `@fromContext` selects is one value of the argument's type, wherever the context is set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    SelectionSetNode,
    TypeNode,
    print_ast,
)

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.field_sets.contexts import ContextValue
from gateway.composition.field_sets.selecting import Misselection, Selecting
from gateway.composition.model.possible import possible_types
from gateway.composition.model.subgraph import Definition, Subgraph
from gateway.composition.rules.subgraph.contextual_arguments import (
    contextual_arguments,
    node_of,
)
from gateway.federation.field_sets import parse_field_set
from gateway.federation.type_references import named_type, print_type

__all__ = ["context_selection"]


def context_selection(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each selection that is not."""
    checker: _Checker | None = None
    for found in contextual_arguments(subgraph):
        if found.value is None:
            continue
        checker = checker or _Checker(subgraph)
        told = checker.problem(found.value, found.argument.type)
        if told is not None:
            message = f"'{found.place}' cannot be taken from a context: {told}."
            yield error_in(subgraph.name, "CONTEXT_INVALID_SELECTION", message, node_of(found.argument))


class _Checker:
    def __init__(self, subgraph: Subgraph) -> None:
        self._types = subgraph.types
        self._possible = possible_types(subgraph.types)
        self._selecting = Selecting(subgraph.types)

    def problem(self, value: ContextValue, wanted: TypeNode) -> str | None:
        """The first thing that is wrong with what is selected for an argument of the type ``wanted``."""
        where = [d for d in self._types.values() if value.name in d.contexts]
        if not where:
            return None  # another rule tells of it
        try:
            selections = parse_field_set(value.selection.strip())
            fragments = [s for s in selections.selections if isinstance(s, InlineFragmentNode)]
            if len(fragments) == len(selections.selections):
                self._fragments(where, fragments, selections, wanted)
            else:
                self._field(where, selections, wanted)
        except GraphQLSyntaxError as error:
            return error.message.rstrip(".")
        except Misselection as problem:
            return problem.message
        return None

    def _field(self, where: Sequence[Definition], selections: SelectionSetNode, wanted: TypeNode) -> None:
        if len(selections.selections) != 1:
            raise Misselection("one field has to be selected, or fragments only")
        for definition in where:
            self._selecting.check(definition.name, selections)
            self._check_type(self._value(definition.name, selections), wanted)

    def _fragments(
        self,
        where: Sequence[Definition],
        fragments: Sequence[InlineFragmentNode],
        selections: SelectionSetNode,
        wanted: TypeNode,
    ) -> None:
        conditions = [f.type_condition.name.value for f in fragments if f.type_condition is not None]
        if len(set(conditions)) != len(fragments):
            raise Misselection("each fragment has to be on another type")
        used: set[str] = set()
        for definition in where:
            self._selecting.check(definition.name, selections)
            matching = [c for c in conditions if c in self._possible[definition.name]]
            if not matching:
                raise Misselection(f"no fragment is on '{definition.name}'")
            used.update(matching)
            for name, fragment in zip(conditions, fragments, strict=True):
                if name not in self._types or self._types[name].kind != "type":
                    raise Misselection(f"'{name}' is no object type")
                if name in matching:
                    self._check_type(self._value(name, fragment.selection_set), wanted)
        for name in set(conditions) - used:
            raise Misselection(f"no type that sets the context is '{name}'")

    def _check_type(self, found: TypeNode | None, wanted: TypeNode) -> None:
        if found is None:
            raise Misselection("one field has to be selected")
        if not _fits(found, wanted):
            raise Misselection(f"'{print_ast(found)}' is selected for '{print_ast(wanted)}'")

    def _value(self, on: str, selections: SelectionSetNode) -> TypeNode | None:
        """The type of what is selected, in lists as it is, nullable throughout; None where that is not one type."""
        if self._types[on].interface_object:
            raise Misselection(f"'{on}' is an @interfaceObject")
        found = [self._value_of(on, selection) for selection in _fields(selections)]
        first = found[0]
        return (
            first
            if first is not None and all(t is not None and print_type(t) == print_type(first) for t in found)
            else None
        )

    def _value_of(self, on: str, node: FieldNode | None) -> TypeNode | None:
        if node is None or node.name.value == "__typename":
            return None if node is None else NamedTypeNode(name=NameNode(value="String"))
        if node.directives:
            raise Misselection("directives cannot stand within it")
        field = self._types[on].fields[node.name.value]
        inner: TypeNode | None = NamedTypeNode(name=NameNode(value=named_type(field.type)))
        if node.selection_set is not None:
            inner = self._value(named_type(field.type), node.selection_set)
        return None if inner is None else _in_lists(field.type, inner)


def _fields(selections: SelectionSetNode) -> Iterable[FieldNode | None]:
    return [s if isinstance(s, FieldNode) else None for s in selections.selections]


def _in_lists(around: TypeNode, inner: TypeNode) -> TypeNode:
    if isinstance(around, NonNullTypeNode):
        return _in_lists(around.type, inner)
    return ListTypeNode(type=_in_lists(around.type, inner)) if isinstance(around, ListTypeNode) else inner


def _fits(found: TypeNode, wanted: TypeNode) -> bool:
    if isinstance(found, ListTypeNode) and isinstance(wanted, ListTypeNode):
        return _fits(found.type, wanted.type)
    return (
        isinstance(found, NamedTypeNode)
        and isinstance(wanted, NamedTypeNode)
        and named_type(found) == named_type(wanted)
    )
