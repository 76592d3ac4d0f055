"""Enums: all values where clients only get them, the common ones where clients only give them, else the same."""

from __future__ import annotations

from gateway.composition.merging.applied import is_applied, merge_applied
from gateway.composition.merging.context import EnumUse, Merging
from gateway.composition.merging.descriptions import merge_description
from gateway.composition.merging.report import listed
from gateway.composition.model.merged import MergedValue
from gateway.composition.model.subgraph import Value

__all__ = ["merge_enum"]


def merge_enum(merging: Merging, name: str) -> dict[str, MergedValue]:
    """The values. All uses of the enum are known by now."""
    definitions = merging.graph.definitions[name]
    use = merging.enum_uses.get(name)
    if use is None:
        message = f'Enum "{name}" is not used; it keeps all its values.'
        merging.report.hint("UNUSED_ENUM_TYPE", message, name)
    merged = {}
    for value in dict.fromkeys(v for d in definitions.values() for v in d.values):
        sources = {s: d.values.get(value) for s, d in definitions.items()}
        found = _merge(merging, f"{name}.{value}", value, sources)
        hidden = is_applied(merging, "inaccessible", found.applied)
        if None not in sources.values() or _stays(merging, name, found, sources, use, hidden):
            merged[value] = found
    if not merged:
        message = f'Enum "{name}" has no value that all its subgraphs have.'
        merging.report.error("EMPTY_MERGED_ENUM_TYPE", message, definitions)
    return merged


def _merge(merging: Merging, place: str, name: str, sources: dict[str, Value | None]) -> MergedValue:
    return MergedValue(
        name,
        merge_description(merging.report, place, sources),
        merge_applied(merging, place, sources),
        tuple(s for s, v in sources.items() if v is not None),
    )


def _stays(
    merging: Merging,
    name: str,
    value: MergedValue,
    sources: dict[str, Value | None],
    use: EnumUse | None,
    hidden: bool,
) -> bool:
    """Whether a value that some subgraphs lack is in the supergraph."""
    place = f"{name}.{value.name}"
    told = f'"{place}" is in {listed(value.subgraphs)}, but not in {listed(s for s in sources if not sources[s])}'
    report = merging.report
    if use is None or use.asked is None:
        report.hint("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", f"{told}; the supergraph has it.", place)
    elif hidden:
        return True
    elif use.answered is None:
        report.hint("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", f"{told}; the supergraph leaves it out.", place)
        return False
    else:
        message = f'{told}, and "{name}" is both given by clients, in "{use.asked}", and to them, in "{use.answered}".'
        report.error("ENUM_VALUE_MISMATCH", message, merging.graph.definitions[name])
    return True
