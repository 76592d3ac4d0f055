"""A type is of the same kind in all subgraphs."""

from __future__ import annotations

from gateway.composition.graph import Graph
from gateway.composition.merging.report import Report, groups
from gateway.composition.model.subgraph import Definition

__all__ = ["check_kinds"]


def check_kinds(graph: Graph, report: Report) -> None:
    """Tell of each type of different kinds; the definitions of other kinds than the first one's do not count."""
    for name, sources in graph.all_definitions.items():
        if len(graph.definitions[name]) < len(sources):
            message = f'"{name}" is of different kinds: {groups(sources, _told)}.'
            report.error("TYPE_KIND_MISMATCH", message, sources)


def _told(definition: Definition) -> str:
    return "@interfaceObject type" if definition.interface_object else definition.kind
