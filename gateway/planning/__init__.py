"""Operation to QueryPlan, a closed union of frozen nodes: ``operation``, then ``paths``, then ``fetch_graph``; and ``defer``."""

from gateway.planning.errors import TOO_COMPLEX, PlanningError
from gateway.planning.plan import QueryPlan
from gateway.planning.planner import Planner

__all__ = ["TOO_COMPLEX", "Planner", "PlanningError", "QueryPlan"]
