"""How long operations and fetches take at the gateway, and of each operation the slowest that there was lately."""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from graphql import FieldNode

from gateway.edge.engine import Prepared
from gateway.planning.plan import QueryPlan
from gateway.telemetry.federated import FederatedFetch
from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.later import Later
from gateway.telemetry.tracing import OperationTrace
from infra.ops.growth import Cell, Key
from infra.ops.operation_cells import OperationCells
from subgraphs.kit.telemetry.resolver_times import ResolverCell

__all__ = ["OperationTimes", "Slowest"]

_MOST = 300
"""Operations by name."""
_LONGEST = 100
"""Characters of a name."""
_MOST_TRACE_BYTES = 4 * 1024 * 1024
"""Of federated traces, the last one of each operation; the oldest are forgotten."""
_CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Slowest:
    """One execution: its plan, and what was fetched for it. Times are of ``time.perf_counter``."""

    seconds: float
    at: float
    """Seconds since 1970, when it ended."""
    began: float
    trace_id: str
    failed: bool
    plan: QueryPlan
    fetches: tuple[FetchEnded, ...]


class OperationTimes:
    """Told of each operation by the gateway, in its thread, and counts them some at a time, or when somebody reads."""

    def __init__(
        self,
        keep_seconds: float,
        now: Callable[[], float] = time.time,
        *,
        most: int = _MOST,
        known: Collection[str] = (),
    ) -> None:
        """``keep_seconds``: how long the slowest stays so where no slower one comes. ``known``: names that have a place
        before any other."""
        self._keep_seconds = keep_seconds
        self._now = now
        self._operations = OperationCells(
            most, {name[:_LONGEST] for name in known}, keep_seconds, self._forget
        )
        self._fetches: dict[Key, ResolverCell] = {}
        self._slowest: dict[Key, Slowest] = {}
        self._traces: OrderedDict[Key, Sequence[FederatedFetch]] = OrderedDict()
        self._trace_bytes = 0
        self._over = Later(self._count)

    def ended(self, prepared: Prepared, record: OperationTrace) -> None:
        """An answer is whole. What its client did not wait for counts, as what it took until then."""
        self._over.add((self._now(), prepared, record, tuple(record.own_fetches)))
        if record.federated is not None:
            self._over.catch_up()  # what subgraphs told of their fields is large

    def _count(self, over: Sequence[tuple[float, Prepared, OperationTrace, Sequence[FetchEnded]]]) -> None:
        for now, prepared, record, _ in over:
            self._counted(now, prepared, record)
        self._fetched([fetch for one in over for fetch in one[3]])

    def _counted(self, now: float, prepared: Prepared, record: OperationTrace) -> None:
        key = ("operation", prepared.kind, operation_name(prepared))
        cell = self._operations.of(key, now)
        seconds = record.ended - record.began
        failed = record.error not in ("", _CANCELLED)
        cell.executions += 1
        cell.operations += 1
        (cell.failed if failed else cell.succeeded)(seconds)
        known = self._slowest.get(key)
        if known is None or seconds > known.seconds or now - known.at > self._keep_seconds:
            fetches = tuple(record.fetches)
            trace = record.trace.trace_id
            self._slowest[key] = Slowest(seconds, now, record.began, trace, failed, prepared.plan, fetches)

        if record.federated:
            self._traced(key, record.federated)

    def traces(self, key: Key) -> Sequence[FederatedFetch]:
        """What subgraphs told of their fields in the last execution that asked them; none where none did."""
        self._over.catch_up()
        return self._traces.get(key, ())

    def slowest(self, key: Key) -> Slowest | None:
        """The slowest lately."""
        self._over.catch_up()
        return self._slowest.get(key)

    def operations(self) -> dict[Key, Cell]:
        """Those that there were, by kind and name."""
        self._over.catch_up()
        return dict(self._operations.all())

    def fetches(self) -> dict[Key, Cell]:
        """By subgraph."""
        self._over.catch_up()
        return dict(self._fetches.items())

    def _forget(self, key: Key) -> None:
        self._slowest.pop(key, None)

    def _traced(self, key: Key, fetches: Sequence[FederatedFetch]) -> None:
        self._trace_bytes += _bytes(fetches) - _bytes(self._traces.pop(key, ()))
        self._traces[key] = fetches
        while self._trace_bytes > _MOST_TRACE_BYTES:
            _, forgotten = self._traces.popitem(last=False)
            self._trace_bytes -= _bytes(forgotten)

    def _fetched(self, fetches: Sequence[FetchEnded]) -> None:
        took = defaultdict(list)
        for fetch in fetches:
            # Errors in an answer may be its client's mistakes; only no answer is the subgraph's.
            took[fetch.subgraph, fetch.outcome == "unavailable"].append(fetch.ended - fetch.began)
        for (subgraph, unavailable), seconds in took.items():
            key = ("fetch", subgraph, "")
            cell = self._fetches.get(key)
            if cell is None:
                cell = self._fetches[key] = ResolverCell(time.perf_counter)
            cell.executions += len(seconds)
            durations = cell.error if unavailable else cell.ok
            durations.latest.extend(seconds)
            durations.settle()


def operation_name(prepared: Prepared) -> str:
    """Its name, or the fields that one without a name begins with."""
    if prepared.name is not None:
        return prepared.name[:_LONGEST]
    selections = prepared.operation.selection_set.selections
    fields = [one.name.value for one in selections[:3] if isinstance(one, FieldNode)]
    return f"{{ {' '.join(fields)} }}"[:_LONGEST]


def _bytes(fetches: Sequence[FederatedFetch]) -> int:
    return sum(len(fetch.trace or b"") for fetch in fetches)
