"""One operation of one caller, by whatever protocol: its parameters, its text, and its life until it is counted."""

from gateway.edge.operations.lifecycle import Ended, Operations

__all__ = ["Ended", "Operations"]
