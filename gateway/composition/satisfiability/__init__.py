"""Whether everything clients can ask can be answered: a walk over the API beside the subgraphs' query graph."""

from gateway.composition.satisfiability.check import MAX_PATHS, Findings, check_satisfiability

__all__ = ["MAX_PATHS", "Findings", "check_satisfiability"]
