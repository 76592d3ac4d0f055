"""Federation 1 read as federation 2: what was tolerated is taken out, what was implied is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gateway.composition.errors import CompositionError
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.reading.meaning import has, interpret
from gateway.composition.reading.problems import Problems, Unreadable
from gateway.composition.reading.subgraph import ReadSubgraph
from gateway.composition.reading.upgrade.coercing import coerce_fields
from gateway.composition.reading.upgrade.extensions import check_extensions, extensions_to_definitions
from gateway.composition.reading.upgrade.externals import (
    remove_external_on_extensions,
    remove_external_on_interfaces,
    remove_external_on_types,
    remove_unused_externals,
)
from gateway.composition.reading.upgrade.inactive import (
    remove_directives_on_interfaces,
    remove_inactive_selections,
    remove_provides_on_leaves,
)
from gateway.composition.reading.upgrade.sharing import add_shareable
from gateway.composition.reading.upgrade.tags import remove_tags_on_externals
from gateway.composition.reading.upgrade.types import Others, Types

__all__ = ["upgrade_subgraphs"]


def upgrade_subgraphs(read: Sequence[ReadSubgraph]) -> list[Subgraph]:
    """All subgraphs as federation 2. Raises Unreadable with the errors of those that cannot be."""
    if all(one.is_federation_2 for one in read):
        return [one.subgraph for one in read]
    originals = {one.subgraph.name: _original(one) for one in read}
    found: list[Subgraph] = []
    errors: list[CompositionError] = []
    for one in read:
        try:
            found.append(one.subgraph if one.is_federation_2 else _upgraded(one, originals))
        except Unreadable as unreadable:
            errors += unreadable.errors
    errors += _impossible_interface_objects(read)
    if errors:
        raise Unreadable(tuple(errors))
    return found


def _original(one: ReadSubgraph) -> Types:
    """A subgraph's types before any upgrade, with what federation 1 takes its directives for."""
    return (
        one.subgraph.types if one.is_federation_2 else interpret(remove_external_on_types(one.subgraph.types))
    )


def _upgraded(one: ReadSubgraph, originals: Mapping[str, Types]) -> Subgraph:
    if one.upgrade_errors:
        raise Unreadable(one.upgrade_errors)
    name = one.subgraph.name
    problems = Problems(name)
    others: Others = {other: types for other, types in originals.items() if other != name}
    types: Types = one.subgraph.types
    check_extensions(types, others, problems)
    types = coerce_fields(types)
    types = remove_external_on_interfaces(types)
    types = remove_external_on_types(types)
    types = remove_external_on_extensions(types, others)
    types = remove_inactive_selections(types)
    types = extensions_to_definitions(types)
    types = remove_directives_on_interfaces(types)
    types = remove_provides_on_leaves(types)
    types = remove_unused_externals(one.subgraph, types, problems)
    types = add_shareable(types, originals[name], others)
    types = remove_tags_on_externals(types, others)
    problems.check()
    return replace(one.subgraph, types=interpret(types))


def _impossible_interface_objects(read: Sequence[ReadSubgraph]) -> Iterator[CompositionError]:
    """Interfaces with a key in federation 1, which cannot tell the types of another subgraph's @interfaceObject."""
    objects = {
        name: one.subgraph.name
        for one in read
        if one.is_federation_2
        for name, definition in one.subgraph.types.items()
        if definition.interface_object
    }
    for one in read if objects else ():
        for name, definition in one.subgraph.types.items() if not one.is_federation_2 else ():
            if name in objects and definition.kind == "interface" and has(definition.federation, "key"):
                told = (
                    f"'{name}' is an @interfaceObject in '{objects[name]}', but its interface in "
                    f"'{one.subgraph.name}' is of federation 1, where keys of interfaces mean nothing."
                )
                subgraphs = (objects[name], one.subgraph.name)
                yield CompositionError("INTERFACE_OBJECT_USAGE_ERROR", told, subgraphs)
