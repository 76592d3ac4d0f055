"""The supergraph's SDL, in the join specification (https://specs.apollo.dev/join/)."""

from __future__ import annotations

from gateway.composition.model.merged import Merged
from gateway.composition.printing.header import print_header
from gateway.composition.printing.types import print_type

__all__ = ["print_supergraph"]


def print_supergraph(merged: Merged) -> str:
    """The whole document; the same for the same subgraphs in any order."""
    graphs = {s.name: s.graph for s in merged.subgraphs}
    types = [print_type(merged.types[name], graphs) for name in sorted(merged.types)]
    return "\n\n".join([*print_header(merged), *types]) + "\n"
