"""Federation 1 passed over `@requires`, `@provides` and `@key` where they do nothing; here they are taken away."""

from __future__ import annotations

from dataclasses import replace

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    NameNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    print_ast,
)

from gateway.composition.field_sets.selecting import COMPOSITE, Misselection, Selecting, on_condition
from gateway.composition.model.possible import possible_types
from gateway.composition.model.subgraph import Applied, Definition, Field
from gateway.composition.reading.meaning import has, text_argument
from gateway.composition.reading.upgrade.types import Types, each_field, each_type, without
from gateway.federation.field_sets import parse_field_set
from gateway.federation.type_references import named_type

__all__ = ["remove_directives_on_interfaces", "remove_inactive_selections", "remove_provides_on_leaves"]


def remove_inactive_selections(types: Types) -> Types:
    """Of each ``@requires`` and ``@provides`` only what is external, and nothing of one that has none."""
    active = _Active(types)
    return each_type(types, lambda d: each_field(d, lambda f: active.field(d, f)))


def remove_directives_on_interfaces(types: Types) -> Types:
    """No keys of interfaces, and nothing required or provided there."""

    def change(definition: Definition) -> Definition:
        if definition.kind != "interface":
            return definition
        left = tuple(a for a in definition.federation if a.name != "key")
        plain = each_field(definition, lambda f: without(f, "requires", "provides"))
        return plain if left == plain.federation else replace(plain, federation=left)

    return each_type(types, change)


def remove_provides_on_leaves(types: Types) -> Types:
    """Nothing provided of what has no fields."""

    def change(field: Field) -> Field:
        target = types.get(named_type(field.type))
        return field if target is not None and target.kind in COMPOSITE else without(field, "provides")

    return each_type(types, lambda d: each_field(d, change) if d.kind == "type" else d)


class _Active:
    """Tells what of a field set is external. What is wrong with one is told later."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._possible = possible_types(types)
        self._selecting = Selecting(types)

    def field(self, definition: Definition, field: Field) -> Field:
        """A field with its field sets cut down."""
        if not has(field.federation, "requires") and not has(field.federation, "provides"):
            return field
        kept = [self._applied(definition, field, applied) for applied in field.federation]
        return replace(field, federation=tuple(a for a in kept if a is not None))

    def _applied(self, definition: Definition, field: Field, applied: Applied) -> Applied | None:
        on = {"requires": definition.name, "provides": named_type(field.type)}.get(applied.name)
        text = text_argument(applied.node, "fields")
        if on is None or text is None:
            return applied
        try:
            selections = parse_field_set(text)
            self._selecting.check(on, selections)
        except (GraphQLSyntaxError, Misselection):
            return applied
        active = self._selections(on, selections)
        if active is selections:
            return applied
        return None if active is None else replace(applied, node=_with_selections(applied.node, active))

    def _selections(self, on: str, selections: SelectionSetNode) -> SelectionSetNode | None:
        """What is active, None if nothing is; the same object if all is."""
        kept = [self._selection(on, selection) for selection in selections.selections]
        left = tuple(s for s in kept if s is not None)
        if len(left) == len(kept) and all(a is b for a, b in zip(kept, selections.selections, strict=True)):
            return selections
        return SelectionSetNode(selections=left) if left else None

    def _selection(self, on: str, selection: SelectionNode) -> SelectionNode | None:
        if isinstance(selection, InlineFragmentNode):
            inner = self._selections(on_condition(selection, on), selection.selection_set)
            if inner is None or inner is selection.selection_set:
                return None if inner is None else selection
            return InlineFragmentNode(
                type_condition=selection.type_condition, directives=selection.directives, selection_set=inner
            )
        if not isinstance(selection, FieldNode):
            return selection
        if selection.name.value != "__typename" and self._is_external(on, selection.name.value):
            return selection
        if selection.selection_set is None:
            return None
        target = named_type(self._types[on].fields[selection.name.value].type)
        inner = self._selections(target, selection.selection_set)
        if inner is None or inner is selection.selection_set:
            return None if inner is None else selection
        return FieldNode(
            name=selection.name,
            alias=None,
            arguments=selection.arguments,
            directives=selection.directives,
            selection_set=inner,
        )

    def _is_external(self, on: str, name: str) -> bool:
        """Or one of its implementations is."""
        if has(self._types[on].fields[name].federation, "external"):
            return True
        implementations = self._possible[on] if self._types[on].kind == "interface" else ()
        fields = [self._types[i].fields.get(name) for i in implementations]
        return any(f is not None and has(f.federation, "external") for f in fields)


def _with_selections(node: DirectiveNode, selections: SelectionSetNode) -> DirectiveNode:
    text = " ".join(print_ast(selections).split())
    argument = ArgumentNode(name=NameNode(value="fields"), value=StringValueNode(value=text[1:-1].strip()))
    return DirectiveNode(name=node.name, arguments=(argument,), loc=node.loc)
