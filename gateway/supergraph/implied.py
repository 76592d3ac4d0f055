"""The fields that join v0.1 leaves unsaid: those that keys, ``requires`` and ``provides`` select."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from graphql import (
    SelectionSetNode,
    UnionTypeDefinitionNode,
)

from gateway.federation.type_references import named_type
from gateway.supergraph.field_sets import Composite, declared_fields, selected_fields
from gateway.supergraph.model import SubgraphField, SubgraphType, TypeKind

__all__ = ["with_implied_fields"]

_Added: TypeAlias = dict[str, dict[str, SubgraphField]]


def with_implied_fields(
    types: Mapping[str, SubgraphType], composites: Mapping[str, Composite]
) -> dict[str, SubgraphType]:
    """One subgraph's types with what its field sets select.

    Fields of keys are the subgraph's own, the others external to it. Types that are then without fields, or that
    nothing in the subgraph leads to, are none of its.
    """
    declared = declared_fields(composites)
    added: _Added = {}
    # Keys first: what they select is not external, whoever else selects it.
    for external in (False, True):
        for parent, selections in _field_sets(types, external):
            for owner, name in selected_fields(selections, parent, declared):
                known = types.get(owner)
                if known is not None and name not in known.fields:
                    field = SubgraphField(name, declared[owner][name].type, external=external)
                    added.setdefault(owner, {}).setdefault(name, field)
    return _reached(
        {
            name: replace(known, fields=MappingProxyType({**known.fields, **added.get(name, {})}))
            for name, known in types.items()
        },
        {name for name, one in composites.items() if _is_placed(one, types.get(name))},
    )


def _is_placed(definition: Composite, known: SubgraphType | None) -> bool:
    """Whether the type or a field of it says where it is, this subgraph being among the places."""
    if known is None or not known.fields or isinstance(definition, UnionTypeDefinitionNode):
        return False
    return bool(definition.directives) or any(field.directives for field in definition.fields or ())


def _reached(types: Mapping[str, SubgraphType], roots: set[str]) -> dict[str, SubgraphType]:
    """The types that have something and that a root leads to: value types are written for all subgraphs alike."""
    related: dict[str, set[str]] = {name: set() for name in types}
    for name, known in types.items():
        related[name] |= {named_type(field.type) for field in known.fields.values()}
        related[name] |= known.interfaces | known.possible
        for interface in known.interfaces & types.keys():
            related[interface].add(name)
    reached: set[str] = set()
    ahead = [name for name in roots if name in types]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead.extend(related[name] & types.keys())
    return {
        name: known
        for name, known in types.items()
        if name in reached and (known.fields or known.kind is TypeKind.UNION)
    }


def _field_sets(types: Mapping[str, SubgraphType], external: bool) -> Iterator[tuple[str, SelectionSetNode]]:
    for name, known in types.items():
        if not external:
            yield from ((name, key.selections) for key in known.keys)
            continue
        for field in known.fields.values():
            if field.requires is not None:
                yield name, field.requires
            if field.provides is not None:
                yield named_type(field.type), field.provides
