"""Incremental delivery: what ``@defer`` defers is answered later, in parts."""

from gateway.execution.incremental.deliver import Format, execute_incrementally

__all__ = ["Format", "execute_incrementally"]
