"""Where a subgraph has field sets, and what is wrong with one: shared by the rules of `@key`, `@requires`, `@provides`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    SelectionSetNode,
    print_ast,
)

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model import Definition, Field, Subgraph
from gateway.composition.possible import possible_types
from gateway.composition.reading.meaning import text_argument
from gateway.composition.selecting import Misselection, Selecting
from gateway.composition.typing import named
from gateway.federation.field_sets import parse_field_set

__all__ = ["FieldSetUse", "check_field_sets", "uses_of"]


@dataclass(frozen=True, slots=True)
class FieldSetUse:
    """A directive with a field set. ``on`` is the type it selects from, ``place`` what the directive stands on."""

    directive: str
    node: DirectiveNode
    on: str
    place: str
    definition: Definition
    field: Field | None = None


def uses_of(subgraph: Subgraph, directive: str) -> Iterator[FieldSetUse]:
    """Each use of ``key``, ``requires`` or ``provides``."""
    for definition in subgraph.types.values():
        if directive == "key":
            for applied in definition.federation:
                if applied.name == directive:
                    yield FieldSetUse(directive, applied.node, definition.name, definition.name, definition)
            continue
        for field in definition.fields.values():
            for applied in field.federation:
                if applied.name == directive:
                    on = definition.name if directive == "requires" else named(field.type)
                    place = f"{definition.name}.{field.name}"
                    yield FieldSetUse(directive, applied.node, on, place, definition, field)


def check_field_sets(subgraph: Subgraph, directive: str) -> Iterator[CompositionError]:
    """What is wrong with the field sets of one directive."""
    checker = _Checker(subgraph)
    for use in uses_of(subgraph, directive):
        for suffix, told in checker.problems(use):
            message = f"On '{use.place}', for {print_ast(use.node)}: {told}."
            yield error_in(subgraph.name, f"{directive.upper()}_{suffix}", message, use.node)


class _Checker:
    def __init__(self, subgraph: Subgraph) -> None:
        self._types = subgraph.types
        self._possible = possible_types(subgraph.types)
        self._selecting = Selecting(subgraph.types)

    def problems(self, use: FieldSetUse) -> Iterator[tuple[str, str]]:
        """Codes, without the directive's name, and reasons."""
        text = text_argument(use.node, "fields")
        if text is None:
            yield "INVALID_FIELDS_TYPE", "'fields' has to be a string"
            return
        try:
            selections = parse_field_set(text)
            self._selecting.check(use.on, selections, abstract=use.directive != "key")
        except GraphQLSyntaxError as error:
            yield "INVALID_FIELDS", error.message.rstrip(".")
        except Misselection as problem:
            suffix = "FIELDS_SELECT_INVALID_TYPE" if problem.is_abstract else "INVALID_FIELDS"
            yield suffix, problem.message
        else:
            yield from self._selections(use.directive, use.on, selections, external=False)

    def _selections(
        self, directive: str, on: str, selections: SelectionSetNode, *, external: bool
    ) -> Iterator[tuple[str, str]]:
        """``external`` says that a field further up is."""
        for selection in selections.selections:
            if selection.directives:
                told = f"'{print_ast(selection.directives[0])}' cannot stand within it"
                yield "DIRECTIVE_IN_FIELDS_ARG", told
            if isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = condition.name.value if condition else on
                yield from self._selections(directive, inner, selection.selection_set, external=external)
            elif isinstance(selection, FieldNode) and selection.name.value != "__typename":
                yield from self._field(directive, on, selection, external=external)

    def _field(
        self, directive: str, on: str, node: FieldNode, *, external: bool
    ) -> Iterator[tuple[str, str]]:
        field = self._types[on].fields[node.name.value]
        place = f"'{on}.{field.name}'"
        if field.arguments and directive != "requires":
            yield "FIELDS_HAS_ARGS", f"{place} takes arguments"
        if node.selection_set is not None:
            external = external or field.external or self._is_external_somewhere(on, field.name)
            yield from self._selections(directive, named(field.type), node.selection_set, external=external)
        elif directive != "key" and not external and not field.external:
            yield "FIELDS_MISSING_EXTERNAL", f"{place} is not @external: this subgraph resolves it already"

    def _is_external_somewhere(self, on: str, name: str) -> bool:
        if self._types[on].kind != "interface":
            return False
        found = [self._types[t].fields.get(name) for t in self._possible[on]]
        return any(f is not None and f.external for f in found)
