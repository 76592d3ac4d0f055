"""No input type contains itself by fields that have to be given."""

from __future__ import annotations

from graphql import NamedTypeNode, NonNullTypeNode

from gateway.composition.cycles import find_cycle
from gateway.composition.reading.document import Document
from gateway.composition.reading.problems import Problems

__all__ = ["check_cycles"]


def check_cycles(document: Document, problems: Problems) -> None:
    """Report an input type that is within itself (https://spec.graphql.org/draft/#sec-Input-Objects)."""
    within = {
        name: [
            field.type.type.name.value
            for node in nodes.nodes
            for field in node.fields or ()
            if isinstance(field.type, NonNullTypeNode) and isinstance(field.type.type, NamedTypeNode)
        ]
        for name, nodes in document.types.items()
        if nodes.kind == "input"
    }
    cycle = find_cycle(within)
    if cycle is not None:
        told = f"'{cycle[0]}' cannot be given: it contains itself, by {' in '.join(cycle)}."
        problems.report(told, document.types[cycle[0]].nodes[0])
