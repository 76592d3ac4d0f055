"""In federation 1 value types, and fields that several subgraphs resolve, are shared without saying so."""

from __future__ import annotations

from dataclasses import replace

from graphql import DirectiveNode, NameNode

from gateway.composition.field_sets.usage import Place, selected_fields
from gateway.composition.model.subgraph import Applied, Definition, Field
from gateway.composition.reading.meaning import has
from gateway.composition.reading.upgrade.types import Others, Types, each_field, each_type
from gateway.federation.type_references import named_type
from gateway.federation.vocabulary import FEDERATION

__all__ = ["add_shareable"]

_SHAREABLE = Applied("shareable", DirectiveNode(name=NameNode(value="shareable"), arguments=()), FEDERATION)
_KINDS = frozenset({"type", "interface"})


def add_shareable(types: Types, original: Types, others: Others) -> Types:
    """``@shareable`` on all that is shared. ``original`` has as shareable what is so by its nature."""
    provided = {name: _provided(theirs) for name, theirs in others.items()}

    def change(definition: Definition) -> Definition:
        if definition.kind != "type" or definition.name == "Subscription":
            return definition
        if has(definition.federation, "key") or definition.name in {"Query", "Mutation"}:
            return each_field(definition, lambda f: shared(definition.name, f))
        known = any(o[definition.name].kind in _KINDS for o in others.values() if definition.name in o)
        if not known or has(definition.federation, "shareable"):
            return definition
        return replace(definition, federation=(*definition.federation, _SHAREABLE))

    def shared(name: str, field: Field) -> Field:
        if _is_shareable(original, name, field.name) or has(field.federation, "shareable"):
            return field
        resolved = any(_resolves(theirs, name, field.name, provided[o]) for o, theirs in others.items())
        return replace(field, federation=(*field.federation, _SHAREABLE)) if resolved else field

    return each_type(types, change)


def _is_shareable(types: Types, name: str, field: str) -> bool:
    return name in types and field in types[name].fields and types[name].fields[field].shareable


def _resolves(types: Types, name: str, field: str, provided: frozenset[Place]) -> bool:
    """Whether a subgraph answers for a field, be it in some places only."""
    definition = types.get(name)
    found = definition.fields.get(field) if definition is not None else None
    return found is not None and (not found.external or (name, field) in provided)


def _provided(types: Types) -> frozenset[Place]:
    return frozenset(
        place
        for definition in types.values()
        for field in definition.fields.values()
        if field.provides is not None
        for place in selected_fields(types, named_type(field.type), field.provides)
    )
