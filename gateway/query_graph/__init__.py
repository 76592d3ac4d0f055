"""Which subgraph can resolve what from where: one graph, used by satisfiability and by the planner."""

from gateway.query_graph.build import build_query_graph
from gateway.query_graph.graph import FieldEdge, KeyEdge, Node, QueryGraph
from gateway.query_graph.selection import Field, Fragment, Selection, Selections

__all__ = [
    "Field",
    "FieldEdge",
    "Fragment",
    "KeyEdge",
    "Node",
    "QueryGraph",
    "Selection",
    "Selections",
    "build_query_graph",
]
