"""Federation 1 asks for the same tags on an external field as where it is resolved; there they are enough."""

from __future__ import annotations

from dataclasses import replace

from gateway.composition.model.subgraph import Applied, Field
from gateway.composition.reading.meaning import argument_of, has
from gateway.composition.reading.upgrade.types import Others, Types, each_field, each_type

__all__ = ["remove_tags_on_externals"]


def remove_tags_on_externals(types: Types, others: Others) -> Types:
    """No tags on external fields that another subgraph has on the field."""

    def change(name: str, field: Field) -> Field:
        if not has(field.federation, "external"):
            return field
        theirs = [o[name].fields.get(field.name) for o in others.values() if name in o]
        tags = [t for f in theirs if f is not None and not _is_external(f) for t in _tags(f)]
        left = tuple(a for a in field.applied if a.node.name.value != "tag" or _tag(a) not in tags)
        return field if len(left) == len(field.applied) else replace(field, applied=left)

    return each_type(types, lambda d: each_field(d, lambda f: change(d.name, f)))


def _is_external(field: Field) -> bool:
    return any(a.node.name.value == "external" for a in field.federation)


def _tags(field: Field) -> list[object]:
    return [_tag(a) for a in field.applied if a.node.name.value == "tag"]


def _tag(applied: Applied) -> object:
    return argument_of(applied.node, "name")
