"""Merging, kind by kind: fields and members are united, inputs are intersected, types reconciled."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.composition.graph import Graph
from gateway.composition.merging.access_control import AccessControl
from gateway.composition.merging.applied import contexts, join_directives, merge_applied
from gateway.composition.merging.composed import compose_directives
from gateway.composition.merging.consistency import hint_on_entity, hint_on_value_fields
from gateway.composition.merging.context import Merging
from gateway.composition.merging.definitions import merge_directive_definitions
from gateway.composition.merging.descriptions import merge_description
from gateway.composition.merging.enums import merge_enum
from gateway.composition.merging.fields import merge_fields
from gateway.composition.merging.inputs import merge_inputs
from gateway.composition.merging.interface_objects import with_interface_object_fields
from gateway.composition.merging.kinds import check_kinds
from gateway.composition.merging.report import Report
from gateway.composition.merging.specifications import link_specifications
from gateway.composition.merging.unions import merge_union
from gateway.composition.merging.versions import hint_on_upgrades
from gateway.composition.model.merged import Merged, MergedField, MergedType
from gateway.composition.model.subgraph import Subgraph
from gateway.federation.directives import ROOT_TYPES, join_version
from gateway.federation.join_definitions import join_names

__all__ = ["Report", "merge"]


def merge(subgraphs: Sequence[Subgraph], graph: Graph, report: Report) -> Merged | None:
    """The merged graph; None where directives cannot be told apart. The report has what was found on the way."""
    hint_on_upgrades(subgraphs, report)
    composing = compose_directives(subgraphs, report)
    specs, registry = link_specifications(subgraphs, composing, report)
    if report.errors:
        return None
    merging = Merging(graph, registry, AccessControl(graph, registry), report)
    check_kinds(graph, report)
    machinery = join_names(join_version(max(s.version for s in subgraphs)))
    kinds = {name: kind for name, kind in graph.kinds.items() if machinery.get(name) != kind}
    types = {name: _merge_type(merging, name) for name, kind in kinds.items() if kind != "enum"}
    directives = merge_directive_definitions(merging, composing, machinery)
    types |= {name: _merge_type(merging, name) for name, kind in kinds.items() if kind == "enum"}
    named = {s.name: s for s in subgraphs}
    return Merged(
        subgraphs=tuple(subgraphs),
        types=with_interface_object_fields(merging, types),
        directives=directives,
        specs=specs,
        description=merge_description(report, "", named),
        applied=merge_applied(merging, "schema", named),
        join_directives=join_directives(merging, named),
    )


def _merge_type(merging: Merging, name: str) -> MergedType:
    graph = merging.graph
    kind, definitions = graph.kinds[name], graph.definitions[name]
    return MergedType(
        kind=kind,
        name=name,
        description=merge_description(merging.report, name, definitions),
        applied=(
            *merge_applied(
                merging, name, definitions, merging.access.inherited(name) if kind == "interface" else ()
            ),
            *contexts(merging, {s: d.contexts for s, d in definitions.items()}),
        ),
        sources=definitions,
        interfaces=graph.interfaces[name],
        members=merge_union(merging, name) if kind == "union" else (),
        fields=_fields(merging, name) if kind in {"type", "interface"} else {},
        inputs=merge_inputs(merging, name) if kind == "input" else {},
        values=merge_enum(merging, name) if kind == "enum" else {},
        join_directives=join_directives(merging, definitions),
    )


def _fields(merging: Merging, name: str) -> dict[str, MergedField]:
    fields = merge_fields(merging, name)
    if merging.graph.kinds[name] == "type":
        has_key = hint_on_entity(merging, name)
    else:
        definitions = merging.graph.definitions[name].values()
        has_key = any(d.keys for d in definitions if d.kind == "interface")
    if not has_key and name not in ROOT_TYPES:
        hint_on_value_fields(merging, name, fields)
    return fields
