"""Fields of object and interface types: all that any subgraph has."""

from __future__ import annotations

from gateway.composition.graph import FieldSources
from gateway.composition.merging.applied import join_directives, merge_applied
from gateway.composition.merging.arguments import merge_arguments
from gateway.composition.merging.context import Merging
from gateway.composition.merging.descriptions import merge_description
from gateway.composition.merging.externals import check_externals, is_external_everywhere, without_externals
from gateway.composition.merging.joins import join_fields
from gateway.composition.merging.overrides import merge_overrides
from gateway.composition.merging.references import merge_output_type
from gateway.composition.merging.report import listed
from gateway.composition.model.merged import MergedField
from gateway.federation.type_references import print_type

__all__ = ["merge_fields"]


def merge_fields(merging: Merging, type_name: str) -> dict[str, MergedField]:
    """The fields of a type, in the order in which subgraphs have them."""
    return {
        name: _merge(merging, type_name, name, sources)
        for name, sources in merging.graph.field_sources(type_name).items()
    }


def _merge(merging: Merging, type_name: str, name: str, sources: FieldSources) -> MergedField:
    place = f"{type_name}.{name}"
    overrides = merge_overrides(merging, type_name, name, sources)
    if is_external_everywhere(merging, type_name, name, sources):
        return _unresolved(merging, place, name, sources)
    counting = without_externals(merging, place, sources)
    resolved = any(f is not None for f in counting.values())
    type_ = merge_output_type(merging, place, counting if resolved else sources)
    merged = MergedField(
        name=name,
        type=type_.type,
        arguments=merge_arguments(merging, place, counting),
        description=merge_description(merging.report, place, counting),
        applied=merge_applied(merging, place, counting, merging.access.inherited(place) if resolved else ()),
        sources=sources,
        joins=join_fields(merging, type_name, sources, overrides, equal=type_.equal),
        join_directives=join_directives(merging, sources),
        overridden=overrides.overridden,
        stray_overrides=frozenset(overrides.stray),
    )
    check_externals(merging, place, merged, equal=type_.equal)
    return merged


def _unresolved(merging: Merging, place: str, name: str, sources: FieldSources) -> MergedField:
    having = {s: f for s, f in sources.items() if f is not None}
    message = f'"{place}" is @external in {listed(having)}, which are all that have it: none resolves it.'
    merging.report.error("EXTERNAL_MISSING_ON_BASE", message, having)
    first = next(iter(having.values()))
    return MergedField(name, print_type(first.type), {}, None, (), sources)
