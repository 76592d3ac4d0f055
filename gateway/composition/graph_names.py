"""The values of ``join__Graph``: a name for each subgraph that GraphQL takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["graph_names"]


def graph_names(names: Iterable[str]) -> dict[str, str]:
    """By subgraph: upper case, other characters as ``_``, equals told apart by a number."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_graph_name(name), []).append(name)
    found = {}
    for graph, same in alike.items():
        for number, name in enumerate(same, 1):
            found[name] = graph if len(same) == 1 else f"{graph}_{number}"
    return found


def _graph_name(name: str) -> str:
    graph = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if re.match(r"[0-9]", graph):
        graph = f"_{graph}"
    if re.search(r"_[0-9]+$", graph):  # so that a number added to another cannot meet it
        graph = f"{graph}_"
    return graph.upper()
