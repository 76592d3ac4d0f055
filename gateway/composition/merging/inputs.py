"""Input types: the fields that every subgraph has."""

from __future__ import annotations

from gateway.composition.merging.applied import is_applied, merge_applied
from gateway.composition.merging.arguments import Sources
from gateway.composition.merging.context import Merging
from gateway.composition.merging.defaults import merge_default
from gateway.composition.merging.descriptions import merge_description
from gateway.composition.merging.references import merge_input_type
from gateway.composition.merging.report import listed
from gateway.composition.model.merged import JoinField, MergedArgument
from gateway.federation.type_references import print_type

__all__ = ["merge_inputs"]


def merge_inputs(merging: Merging, name: str) -> dict[str, MergedArgument]:
    """The fields of an input type. One that is hidden may be missing somewhere."""
    definitions = merging.graph.definitions[name]
    merged = {}
    for field in dict.fromkeys(f for d in definitions.values() for f in d.inputs):
        sources = {s: d.inputs.get(field) for s, d in merging.graph.all_definitions[name].items()}
        place = f"{name}.{field}"
        found = _merge(merging, place, field, sources)
        if None not in sources.values() or is_applied(merging, "inaccessible", found.applied):
            merged[field] = found
        else:
            _tell_missing(merging, place, sources)
    if not merged:
        message = f'Input type "{name}" has no field that all its subgraphs have.'
        merging.report.error("EMPTY_MERGED_INPUT_TYPE", message, definitions)
    return merged


def _merge(merging: Merging, place: str, name: str, sources: Sources) -> MergedArgument:
    type_ = merge_input_type(merging, place, sources, argument=False)
    return MergedArgument(
        name=name,
        type=type_.type,
        default=merge_default(merging, place, sources, "INPUT_FIELD_DEFAULT_MISMATCH"),
        description=merge_description(merging.report, place, sources),
        applied=merge_applied(merging, place, sources),
        sources=sources,
        joins=_joins(merging, sources, type_.equal),
    )


def _joins(merging: Merging, sources: Sources, equal: bool) -> tuple[JoinField, ...]:
    if equal and None not in sources.values():
        return ()
    return tuple(
        JoinField(merging.graph.subgraphs[s].graph, type=None if equal else print_type(a.type))
        for s, a in sources.items()
        if a is not None
    )


def _tell_missing(merging: Merging, place: str, sources: Sources) -> None:
    missing = listed(s for s, a in sources.items() if a is None)
    required = {s: a for s, a in sources.items() if a is not None and a.required}
    if required:
        message = f'"{place}" is required in {listed(required)}, and {missing} does not have it.'
        merging.report.error("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", message, sources)
    else:
        message = f'"{place}" is left out of the supergraph, since {missing} does not have it.'
        merging.report.hint("INCONSISTENT_INPUT_OBJECT_FIELD", message, place)
