"""Where a subgraph has field sets, and what is wrong with one: shared by the rules of `@key`, `@requires`, `@provides`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
from gateway.composition.field_sets.selecting import Misselection, Selecting, on_condition
from gateway.composition.model.possible import possible_types
from gateway.composition.model.subgraph import Definition, Field, Subgraph
from gateway.composition.reading.meaning import text_argument
from gateway.federation.field_sets import parse_field_set
from gateway.federation.localized import local_definitions
from gateway.federation.type_references import named_type

__all__ = ["FieldSetUse", "check_field_sets", "uses_of"]


_BUILT_IN = {"include": {"if"}, "skip": {"if"}, "deprecated": {"reason"}, "specifiedBy": {"url"}}


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
                    on = definition.name if directive == "requires" else named_type(field.type)
                    place = f"{definition.name}.{field.name}"
                    yield FieldSetUse(directive, applied.node, on, place, definition, field)


def check_field_sets(
    subgraph: Subgraph, directive: str, types: Collection[str] | None = None
) -> Iterator[CompositionError]:
    """What is wrong with the field sets of one directive, if given only those that select from some ``types``."""
    checker = _Checker(subgraph)
    for use in uses_of(subgraph, directive):
        if types is not None and use.on not in types:
            continue
        for suffix, told in checker.problems(use):
            message = f"On '{use.place}', for {print_ast(use.node)}: {told}."
            yield error_in(subgraph.name, f"{directive.upper()}_{suffix}", message, use.node)


def is_known_directive(subgraph: Subgraph, node: DirectiveNode) -> bool:
    """Whether a directive, with its arguments, is GraphQL's, the subgraph's own or of a linked specification."""
    name = node.name.value
    arguments: set[str] | None = _BUILT_IN.get(name)
    if name in subgraph.directives:
        arguments = set(subgraph.directives[name].arguments)
    for link in subgraph.links:
        known = local_definitions(link.specification, link).get(name) if link.specification else None
        if known is not None:
            arguments = {a.name.value for a in known.arguments or ()}
    return arguments is not None and arguments.issuperset(a.name.value for a in node.arguments or ())


class _Checker:
    def __init__(self, subgraph: Subgraph) -> None:
        self._subgraph = subgraph
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
                written = selection.directives[0]
                known = is_known_directive(self._subgraph, written)
                told = f"'{print_ast(written)}' cannot stand within it"
                yield "DIRECTIVE_IN_FIELDS_ARG" if known else "INVALID_FIELDS", told
            if isinstance(selection, InlineFragmentNode):
                inner = on_condition(selection, on)
                yield from self._selections(directive, inner, selection.selection_set, external=external)
            elif isinstance(selection, FieldNode):
                yield from self._field(directive, on, selection, external=external)

    def _field(
        self, directive: str, on: str, node: FieldNode, *, external: bool
    ) -> Iterator[tuple[str, str]]:
        if node.name.value == "__typename":
            if directive != "key" and not external:
                yield "FIELDS_MISSING_EXTERNAL", "'__typename' is never @external"
            return
        field = self._types[on].fields[node.name.value]
        place = f"'{on}.{field.name}'"
        if field.arguments and directive != "requires":
            yield "FIELDS_HAS_ARGS", f"{place} takes arguments"
        if node.selection_set is not None:
            external = external or field.external or self._is_external_somewhere(on, field.name)
            yield from self._selections(
                directive, named_type(field.type), node.selection_set, external=external
            )
        elif directive != "key" and not external and not field.external:
            yield "FIELDS_MISSING_EXTERNAL", f"{place} is not @external: this subgraph resolves it already"

    def _is_external_somewhere(self, on: str, name: str) -> bool:
        if self._types[on].kind != "interface":
            return False
        found = [self._types[t].fields.get(name) for t in self._possible[on]]
        return any(f is not None and f.external for f in found)
