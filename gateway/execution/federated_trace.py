"""A gateway's own federated trace: its plan, with what each subgraph told in its place.

So a gateway answers a client that asks it as a gateway asks a subgraph, in the form that Apollo's gateways report
(``reports.proto``: a ``Trace`` whose ``query_plan`` holds those of the subgraphs; its ``root`` has no resolvers, only
errors). Parts and streams, whose answers have no end to put it at, have none.
"""

from __future__ import annotations

import base64
import json
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.planning.plan import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    Path,
    PlanNode,
    QueryPlan,
    SequenceNode,
)
from gateway.telemetry.federated import FederatedFetch
from gateway.telemetry.protobuf import Malformed, fields, message, number, text, timestamp

__all__ = ["federated_trace"]


def federated_trace(
    plan: QueryPlan, fetches: Sequence[FederatedFetch], began: float, answer: Mapping[str, Any]
) -> str:
    """The trace as ``extensions.ftv1`` has it, of what began then (``time.perf_counter``) and ends now."""
    ended = time.perf_counter()
    drawing = _Drawing(fetches, began, time.time_ns() - _nanoseconds(ended))
    encoded = (
        timestamp(4, drawing.wall(began))
        + timestamp(3, drawing.wall(ended))
        + number(11, _nanoseconds(ended - began))
        + message(14, b"".join(_error(error) for error in answer.get("errors") or ()))
        + (message(26, drawing.node(plan.node)) if plan.node is not None else b"")
    )
    return base64.b64encode(encoded).decode()


class _Drawing:
    def __init__(self, fetches: Sequence[FederatedFetch], began: float, offset: int) -> None:
        self._began = began
        self._offset = offset
        self._fetches: dict[tuple[str, str], deque[FederatedFetch]] = {}
        for fetch in sorted(fetches, key=lambda one: one.sent):
            self._fetches.setdefault((fetch.subgraph, fetch.document), deque()).append(fetch)

    def wall(self, moment: float) -> int:
        """Nanoseconds since 1970."""
        return self._offset + _nanoseconds(moment)

    def node(self, node: PlanNode | None) -> bytes:
        """A ``QueryPlanNode``."""
        match node:
            case SequenceNode():
                return message(1, self._all(node.nodes))
            case ParallelNode():
                return message(2, self._all(node.nodes))
            case FetchNode():
                return message(3, self._fetch(node))
            case FlattenNode():
                return message(4, _path(node.path) + message(2, self.node(node.node)))
            case ConditionNode():
                branches = ((2, node.if_clause), (3, node.else_clause))
                drawn = [message(number_, self.node(one)) for number_, one in branches if one is not None]
                return message(6, text(1, node.condition) + b"".join(drawn))
        return b""

    def _all(self, nodes: Iterable[PlanNode]) -> bytes:
        return b"".join(message(1, self.node(one)) for one in nodes)

    def _fetch(self, node: FetchNode) -> bytes:
        """Equal fetches each in their turn; one that was not needed is its service's name alone."""
        waiting = self._fetches.get((node.subgraph, node.operation))
        if not waiting:
            return text(1, node.subgraph)
        fetch = waiting.popleft()
        trace = (
            b"" if fetch.trace is None else message(3, fetch.trace) if _sound(fetch.trace) else number(2, 1)
        )
        return (
            text(1, node.subgraph)
            + trace
            + number(4, _nanoseconds(fetch.sent - self._began))
            + timestamp(5, self.wall(fetch.sent))
            + timestamp(6, self.wall(fetch.received))
        )


def _path(path: Path) -> bytes:
    return b"".join(message(1, text(1, step)) for step in path)


def _sound(trace: bytes) -> bool:
    try:
        return all(True for _ in fields(trace))
    except Malformed:
        return False


def _error(error: Mapping[str, Any]) -> bytes:
    """A ``Node.error`` of the root: its path is in its JSON."""
    return message(11, text(1, str(error["message"])) + text(4, json.dumps(error, default=str)))


def _nanoseconds(seconds: float) -> int:
    return max(0, round(seconds * 1e9))
