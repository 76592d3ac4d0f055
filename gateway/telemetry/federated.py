"""What a subgraph says of its resolvers in a federated trace, version 1 (Apollo's ``reports.proto``, message ``Trace``)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from gateway.telemetry.protobuf import Malformed, fields

__all__ = ["HEADER", "WANTED", "FederatedFetch", "ResolverTime", "decoded", "resolver_times"]

HEADER: Final = "apollo-federation-include-trace"
WANTED: Final = "ftv1"
"""What the header says, and what the trace is called among an answer's extensions."""
_MOST_NODES = 20_000
_ROOT, _NAME, _ORIGINAL, _PARENT, _BEGAN, _ENDED, _CHILD = 14, 1, 14, 13, 8, 9, 12


@dataclass(frozen=True, slots=True)
class FederatedFetch:
    """A fetch that was asked to be traced. Times are of ``time.perf_counter``."""

    subgraph: str
    document: str
    sent: float
    received: float
    trace: bytes | None
    """As the subgraph told it; None where it told none, or not base64."""


@dataclass(slots=True)
class ResolverTime:
    """A field's executions in one trace; seconds of all of them, and of the longest."""

    type_name: str
    field: str
    executions: int = 0
    seconds: float = 0.0
    longest: float = 0.0


def decoded(value: object) -> bytes | None:
    """The trace in ``extensions.ftv1``."""
    if not isinstance(value, str):
        return None
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return None


def resolver_times(trace: bytes) -> list[ResolverTime]:
    """Each field's, those that took the most together first. Raises Malformed."""
    found: dict[tuple[str, str], ResolverTime] = {}
    waiting = [value for field, value in fields(trace) if field == _ROOT]
    nodes = 0
    while waiting and nodes < _MOST_NODES:
        node = waiting.pop()
        nodes += 1
        if not isinstance(node, bytes):
            raise Malformed("a node that is no message")
        known: dict[int, int | bytes] = {}
        for field, value in fields(node):
            if field == _CHILD:
                waiting.append(value)
            else:
                known[field] = value
        name, parent = known.get(_ORIGINAL) or known.get(_NAME), known.get(_PARENT)
        if isinstance(name, bytes) and isinstance(parent, bytes):
            _count(found, _read(parent), _read(name), known)
    return sorted(found.values(), key=lambda one: -one.seconds)


def _count(
    found: dict[tuple[str, str], ResolverTime], parent: str, name: str, known: dict[int, int | bytes]
) -> None:
    one = found.get((parent, name))
    if one is None:
        one = found[(parent, name)] = ResolverTime(parent, name)
    began, ended = known.get(_BEGAN, 0), known.get(_ENDED, 0)
    if not isinstance(began, int) or not isinstance(ended, int):
        raise Malformed("a time that is no number")
    seconds = max(0, ended - began) / 1e9
    one.executions += 1
    one.seconds += seconds
    one.longest = max(one.longest, seconds)


def _read(name: bytes) -> str:
    return name.decode(errors="replace")[:100]
