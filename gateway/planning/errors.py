"""Why an operation has no plan."""

from __future__ import annotations

__all__ = ["TOO_COMPLEX", "PlanningError", "Unsatisfiable"]

TOO_COMPLEX = "QUERY_PLAN_COMPLEXITY_EXCEEDED"
"""The code of what takes more steps, fetches or time to plan than the settings allow."""


class PlanningError(Exception):
    """No plan: ``code`` is stable and may go to the client as ``extensions.code``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Unsatisfiable(PlanningError):
    """No way through the subgraphs leads to a field."""

    def __init__(self, type_name: str, field_name: str) -> None:
        super().__init__("UNSATISFIABLE", f"No subgraph can be reached that answers {type_name}.{field_name}")
