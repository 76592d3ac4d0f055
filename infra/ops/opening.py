"""The operators' page put together: its recorder running, its doors, and what the gateway tells of operations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from gateway.config import Guards
from gateway.edge.identity.access import Access
from gateway.edge.mounts import Mount
from gateway.edge.operations import Ended
from gateway.edge.pages.site import Site
from gateway.telemetry.metrics import GatewayMetrics
from infra.ops.door import ops_door
from infra.ops.figures import readings
from infra.ops.gateways import Gateways
from infra.ops.operation_times import OperationTimes
from infra.ops.page import ops_page
from infra.ops.part_doors import gateway_door
from infra.ops.recorder import Recorder
from infra.ops.replicas import Asked
from infra.ops.rules import OpsRules
from infra.ops.telling import Telling
from infra.ops.watching import Check, Ops
from infra.recent_traces import RecentTraces
from subgraphs.kit.identity.keys import KeySource
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["Observed", "OpsDoors", "open_ops"]

_POST = frozenset({"POST"})


@dataclass(frozen=True, slots=True)
class Observed:
    """What there is to look at."""

    gateway: GatewayMetrics
    local: Metrics | None
    """Of the subgraphs in this process."""
    recent: RecentTraces
    checks: Mapping[str, Check]
    """By service."""
    others: Mapping[str, Asked]
    """Services that are processes of their own."""
    gateways: Gateways
    """Those beside this one."""
    known: Collection[str] = ()
    """Operations' names, which strangers' do not push out."""


@dataclass(frozen=True, slots=True)
class OpsDoors:
    """What the gateway is given."""

    mounts: Sequence[Mount]
    ended: Ended


@asynccontextmanager
async def open_ops(
    rules: OpsRules, observed: Observed, access: Access, identities: KeySource, guards: Guards, site: Site
) -> AsyncIterator[OpsDoors]:
    """Look until the end of the block. ``identities``: the keys that gateways sign with; ``site``: the built web
    app."""
    times = OperationTimes(rules.minutes * 60, known=observed.known)
    recorder = Recorder(readings(observed.local, observed.gateway, times), rules)
    own = Telling(recorder, observed.recent, times, observed.gateways.process)
    ops = Ops(own, observed.gateways, observed.others, observed.checks)
    page, beside = ops_page(access, site), gateway_door(identities, own)
    mounts = [
        Mount(r"/api/ops/graphql", ops_door(access, ops, guards), methods=_POST, streams=True),
        Mount(r"/api/ops/(?:overview|part)", beside, methods=_POST, label="/api/ops/part", quiet=True),
        Mount(r"/api/ops/page", page, methods=_POST),
        Mount(r"/ops/?", page, "/ops", label="/ops"),
    ]
    async with recorder.running():
        yield OpsDoors(mounts, times.ended)
