"""Hints about object and interface types that subgraphs have in different shapes."""

from __future__ import annotations

from gateway.composition.merging.context import Merging
from gateway.composition.merging.report import listed
from gateway.composition.model.merged import MergedField

__all__ = ["hint_on_entity", "hint_on_value_fields"]

_CODES = {
    "type": "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
    "interface": "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
}


def hint_on_entity(merging: Merging, name: str) -> bool:
    """Whether some subgraph knows the object type by a key; those that do not are told of."""
    definitions = merging.graph.definitions[name]
    without = [s for s, d in definitions.items() if not d.keys]
    if without and len(without) < len(definitions):
        message = f'"{name}" has a key in some subgraphs, and none in {listed(without)}.'
        merging.report.hint("INCONSISTENT_ENTITY", message, name)
    return len(without) < len(definitions)


def hint_on_value_fields(merging: Merging, name: str, fields: dict[str, MergedField]) -> None:
    """Tell of each field that some subgraph with the type lacks."""
    graph = merging.graph
    kind = graph.kinds[name]
    expected = {
        s: d
        for s, d in graph.definitions[name].items()
        if not d.interface_object and not all(f.external for f in d.fields.values())
    }
    for field in fields:
        missing = [s for s, d in expected.items() if field not in d.fields]
        if missing and not (kind == "interface" and graph.is_provided_by_interface_object(name, field)):
            message = f'"{name}.{field}" is not in {listed(missing)}, though the type is.'
            merging.report.hint(_CODES[kind], message, f"{name}.{field}")
