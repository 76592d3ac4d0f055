"""Whether a field set can be asked of a subgraph: its fields are there, with the arguments and selections they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    print_ast,
)

from gateway.composition.field_sets.accepting import accepts
from gateway.composition.model.subgraph import Definition, Field
from gateway.federation.type_references import named_type

__all__ = ["COMPOSITE", "Misselection", "Selecting", "on_condition"]

COMPOSITE = frozenset({"type", "interface", "union"})


@dataclass(frozen=True, slots=True)
class Misselection(Exception):
    """Why something cannot be selected. ``is_abstract`` says that only keys may not select it."""

    message: str
    is_abstract: bool = False


def on_condition(fragment: InlineFragmentNode, name: str) -> str:
    """The type that a fragment within ``name`` selects from."""
    condition = fragment.type_condition
    return condition.name.value if condition is not None else name


class Selecting:
    """Checks selections on the types of one subgraph."""

    def __init__(self, types: Mapping[str, Definition]) -> None:
        self._types = types

    def check(self, name: str, selections: SelectionSetNode, *, abstract: bool = True) -> None:
        """Raises Misselection on the first thing in ``selections`` that the type does not answer.

        Without ``abstract``, fields of interfaces and unions are refused too.
        """
        if name not in self._types or self._types[name].kind not in COMPOSITE:
            raise Misselection(f"'{name}' has no fields to select")
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                self._field(name, selection, abstract)
            elif isinstance(selection, InlineFragmentNode):
                self.check(on_condition(selection, name), selection.selection_set, abstract=abstract)
            elif isinstance(selection, FragmentSpreadNode):
                raise Misselection(f"there is no fragment '{selection.name.value}'")

    def _field(self, parent: str, node: FieldNode, abstract: bool) -> None:
        name = node.name.value
        if node.alias is not None:
            raise Misselection(f"'{name}' cannot have another name, '{node.alias.value}', here")
        if name == "__typename":
            if node.selection_set is not None or node.arguments:
                raise Misselection("'__typename' has neither fields nor arguments")
            return
        field = self._types[parent].fields.get(name)
        if field is None:
            raise Misselection(
                f"'{parent}' has no field '{name}' in this subgraph, not even an @external one"
            )
        kind = self._kind(field)
        if not abstract and kind in {"interface", "union"}:
            raise Misselection(f"'{parent}.{name}' is of an abstract type, '{named_type(field.type)}'", True)
        self._arguments(f"{parent}.{name}", node, field)
        if node.selection_set is None and kind in COMPOSITE:
            raise Misselection(f"of '{parent}.{name}' some fields have to be selected")
        if node.selection_set is not None:
            if kind not in COMPOSITE:
                raise Misselection(f"'{parent}.{name}' has no fields to select")
            self.check(named_type(field.type), node.selection_set, abstract=abstract)

    def _arguments(self, place: str, node: FieldNode, field: Field) -> None:
        given = {a.name.value: a.value for a in node.arguments or ()}
        for name, argument in field.arguments.items():
            value = given.pop(name, None)
            if value is None:
                if argument.required:
                    raise Misselection(f"'{place}' has to be given '{name}'")
            elif not accepts(self._types, argument.type, value):
                raise Misselection(f"'{name}' of '{place}' cannot be {print_ast(value)}")
        for name in given:
            raise Misselection(f"'{place}' has no argument '{name}'")

    def _kind(self, field: Field) -> str:
        definition = self._types.get(named_type(field.type))
        return definition.kind if definition is not None else "scalar"
