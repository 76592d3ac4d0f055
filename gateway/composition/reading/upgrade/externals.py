"""Federation 1 passed over `@external` where it means nothing; here it is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import TypeNode

from gateway.composition.field_sets.usage import selected_fields, used_fields
from gateway.composition.model.subgraph import Definition, Subgraph
from gateway.composition.reading.meaning import interpret, keys_of
from gateway.composition.reading.problems import Problems
from gateway.composition.reading.upgrade.extensions import is_extension
from gateway.composition.reading.upgrade.types import Others, Types, each_field, each_type, without
from gateway.federation.directives import ROOT_TYPES
from gateway.federation.type_references import named_type

__all__ = [
    "remove_external_on_extensions",
    "remove_external_on_interfaces",
    "remove_external_on_types",
    "remove_unused_externals",
]


def remove_external_on_interfaces(types: Types) -> Types:
    """None on fields of interfaces."""
    return each_type(
        types, lambda d: each_field(d, lambda f: without(f, "external")) if d.kind == "interface" else d
    )


def remove_external_on_types(types: Types) -> Types:
    """None on object types."""

    def change(definition: Definition) -> Definition:
        left = tuple(a for a in definition.federation if a.name != "external")
        return definition if left == definition.federation else replace(definition, federation=left)

    return each_type(types, change)


def remove_external_on_extensions(types: Types, others: Others) -> Types:
    """None on the key fields of extensions. Without a key of its own, the first key of each other subgraph counts."""

    def change(definition: Definition) -> Definition:
        if not is_extension(definition):
            return definition
        keyed = set(_key_fields(types, definition, others))
        return each_field(definition, lambda f: without(f, "external") if f.name in keyed else f)

    return each_type(types, change)


def remove_unused_externals(subgraph: Subgraph, types: Types, problems: Problems) -> Types:
    """None that nothing uses. Types that are empty then go too; those that others refer to are reported."""
    read = interpret(types)
    used = used_fields(replace(subgraph, types=read))
    unused = {
        (name, field.name)
        for name, definition in read.items()
        for field in definition.fields.values()
        if field.external and (name, field.name) not in used
    }
    names = {name for name, _ in unused}
    left: dict[str, Definition] = {}
    for name, definition in types.items():
        fields = {f: field for f, field in definition.fields.items() if (name, f) not in unused}
        left[name] = replace(definition, fields=fields) if name in names else definition
    referred = set(_references(left))
    for name in names:
        if not left[name].fields and name not in ROOT_TYPES:
            if name in referred:
                told = f"'{name}' has only @external fields, none of which is used."
                problems.report(told, left[name].node, "TYPE_WITH_ONLY_UNUSED_EXTERNAL")
            del left[name]
    return left


def _key_fields(types: Types, definition: Definition, others: Others) -> Iterator[str]:
    name = definition.name
    keys = keys_of(definition.federation)
    for key in keys:
        yield from (field for on, field in selected_fields(types, name, key.fields) if on == name)
    if keys:
        return
    for theirs in others.values():
        if name in theirs and theirs[name].keys:
            first = theirs[name].keys[0].fields
            yield from (field for on, field in selected_fields(theirs, name, first) if on == name)


def _references(types: Types) -> Iterator[str]:
    for definition in types.values():
        yield from definition.members
        yield from definition.interfaces
        yield from (named_type(t) for t in _types_within(definition))


def _types_within(definition: Definition) -> Iterator[TypeNode]:
    for given in definition.inputs.values():
        yield given.type
    for field in definition.fields.values():
        yield field.type
        yield from (a.type for a in field.arguments.values())
