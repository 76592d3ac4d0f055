"""From subgraphs' SDL to the model: links, GraphQL validation, the upgrade of federation 1."""

from gateway.composition.reading.problems import Unparsable, Unreadable
from gateway.composition.reading.subgraph import ReadSubgraph, read_subgraph
from gateway.composition.reading.upgrade import upgrade_subgraphs

__all__ = ["ReadSubgraph", "Unparsable", "Unreadable", "read_subgraph", "upgrade_subgraphs"]
