"""Fields that an ``@interfaceObject`` gives to all implementations of an interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.composition.merging.applied import merge_applied
from gateway.composition.merging.context import Merging
from gateway.composition.model.merged import Application, JoinField, MergedField, MergedType

__all__ = ["with_interface_object_fields"]


def with_interface_object_fields(merging: Merging, types: Mapping[str, MergedType]) -> dict[str, MergedType]:
    """The types, implementations completed by what only an ``@interfaceObject`` has."""
    return {
        name: replace(merged, fields=_completed(merging, merged, types))
        if merged.kind == "type" and any(_is_object_somewhere(types, i) for i in merged.interfaces)
        else merged
        for name, merged in types.items()
    }


def _is_object_somewhere(types: Mapping[str, MergedType], interface: str) -> bool:
    found = types.get(interface)
    return found is not None and any(d.interface_object for d in found.sources.values())


def _completed(
    merging: Merging, merged: MergedType, types: Mapping[str, MergedType]
) -> dict[str, MergedField]:
    fields = dict(merged.fields)
    for interface in merged.interfaces:
        for field in types[interface].fields.values() if interface in types else ():
            if not merging.graph.is_provided_by_interface_object(interface, field.name):
                continue
            own = fields.get(field.name)
            place = f"{merged.name}.{field.name}"
            if own is None:
                sources = dict.fromkeys(merging.graph.subgraphs)
                fields[field.name] = replace(
                    field,
                    arguments={n: replace(a, sources={}) for n, a in field.arguments.items()},
                    applied=_passed_down(merging, place, field),
                    sources=sources,
                    joins=(JoinField(),),
                    join_directives=(),
                    overridden=frozenset(),
                    stray_overrides=frozenset(),
                )
            elif own.joins and all(j.external for j in own.joins):
                applied = tuple(dict.fromkeys((*own.applied, *_passed_down(merging, place, field))))
                fields[field.name] = replace(own, applied=applied)
    return fields


def _passed_down(merging: Merging, place: str, field: MergedField) -> tuple[Application, ...]:
    """The directives of the interface's field, and the guards that hold for this implementation."""
    guards = merge_applied(merging, place, {}, merging.access.inherited(place))
    return (*guards, *(a for a in field.applied if a.name not in merging.access.names))
