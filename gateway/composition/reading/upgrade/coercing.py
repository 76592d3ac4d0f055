"""Fields given as a list of names, or as a bare name, were taken for the text they are."""

from __future__ import annotations

from dataclasses import replace

from graphql import ArgumentNode, DirectiveNode, EnumValueNode, NameNode, StringValueNode

from gateway.composition.model.subgraph import Applied, Definition, Field
from gateway.composition.reading.meaning import argument_of
from gateway.composition.reading.upgrade.types import Types, each_field, each_type

__all__ = ["coerce_fields"]

_WITH_FIELDS = frozenset({"key", "requires", "provides"})


def coerce_fields(types: Types) -> Types:
    """Every ``fields`` as a string that can be one."""
    return each_type(types, _definition)


def _definition(definition: Definition) -> Definition:
    changed = each_field(definition, _field)
    federation = tuple(_coerced(a) for a in changed.federation)
    if federation == changed.federation:
        return changed
    # Apollo's upgrade then takes the type for defined here, so that an external key stays external.
    return replace(changed, federation=federation, extension=False)


def _field(field: Field) -> Field:
    federation = tuple(_coerced(a) for a in field.federation)
    return field if federation == field.federation else replace(field, federation=federation)


def _coerced(applied: Applied) -> Applied:
    if applied.name not in _WITH_FIELDS:
        return applied
    given = argument_of(applied.node, "fields")
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        return replace(applied, node=_with_text(applied.node, " ".join(given)), declaration=0)
    written = next((a.value for a in applied.node.arguments or () if a.name.value == "fields"), None)
    if isinstance(written, EnumValueNode):
        return replace(applied, node=_with_text(applied.node, written.value), declaration=0)
    return applied


def _with_text(node: DirectiveNode, text: str) -> DirectiveNode:
    """Only the fields are kept: nothing else was known."""
    argument = ArgumentNode(name=NameNode(value="fields"), value=StringValueNode(value=text))
    return DirectiveNode(name=node.name, arguments=(argument,), loc=node.loc)
