"""Operation to QueryPlan: a closed union of frozen nodes; passes, one a file, listed once."""

from gateway.planning.errors import PlanningError
from gateway.planning.plan import QueryPlan
from gateway.planning.planner import Planner

__all__ = ["Planner", "PlanningError", "QueryPlan"]
