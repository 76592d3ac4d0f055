"""What the application is put together from: given by whoever serves it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.edge.identity.access import Access, TokenRules
from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner
from gateway.edge.mounts import Mount
from gateway.edge.operations import Ended
from gateway.edge.pages.site import Site
from gateway.telemetry.exposition import Expose
from gateway.telemetry.logs import Pseudonyms
from gateway.telemetry.metrics import GatewayMetrics
from gateway.telemetry.tracing import NOT_KEPT, Tracing

__all__ = ["GatewayParts"]


async def _nothing_to_check() -> Sequence[str]:
    """A bare gateway stands on no server of its own."""
    return ()


@dataclass(frozen=True)
class GatewayParts:
    """What an application is put together from."""

    engine: Callable[[], Engine]
    settings: GatewaySettings
    metrics: GatewayMetrics
    access: Access = field(default_factory=lambda: Access(None, TokenRules("", "")))
    signer: IdentitySigner | None = None
    tracing: Tracing = NOT_KEPT
    pseudonyms: Pseudonyms = field(default_factory=Pseudonyms)
    """What callers are called in the log."""
    ended: Ended | None = None
    """Told of each operation."""
    closely: Callable[[Caller], bool] = lambda caller: False
    """Whose operations are looked at field by field, where ``federated_traces`` samples."""
    expose: Expose | None = None
    """What ``/metrics`` answers; without it, what ``metrics`` were registered with."""
    ticket: Callable[[str], str] | None = None
    """What a client is told that began a trace which is kept, from the trace's id: with it, it may tell its own part."""
    mounts: Sequence[Mount] = ()
    site: Site = field(default_factory=Site)
    ready: Callable[[], Awaitable[Sequence[str]]] = _nothing_to_check
    """What is away while the rest can be served; raises where nothing can be."""
