"""How the gateway behaves, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["GatewaySettings", "Guards"]


@dataclass(frozen=True, slots=True)
class Guards:
    """What a request may cost before it is refused."""

    body_bytes: int = 2 * 1024 * 1024
    """Of a JSON request."""
    upload_bytes: int = 128 * 1024 * 1024
    """Of one multipart request, files and all."""
    upload_files: int = 10
    tokens: int = 60_000
    """Of a document."""
    depth: int = 100
    aliases: int = 64
    root_fields: int = 64
    """Different response names at the root."""
    positions: int = 4_000
    """Different places for objects in an answer's shape: what fragments can multiply."""
    selections: int = 100_000
    """Selections of a document with fragments written out, and pairs of them that validation compares."""
    field_variants: int = 50
    """Different texts for one response name in one place: validation compares each with each."""
    introspection_depth: int = 18
    planning_steps: int = 200_000
    """Selections looked at and ways found for one plan."""
    planning_steps_at_once: int = 2_000
    """Of them, while others wait: a plan that takes more is made in a thread."""
    planning_branches: int = 4_000
    """Combinations of ways compared for one plan; past them the best so far is taken."""
    planning_fetches: int = 6_000
    """Fetches put together for one plan, before those that can be one are made one."""
    planning_seconds: float = 10.0
    """For one plan."""
    batch: int = 10
    """Operations in one request."""
    socket_operations: int = 100
    """Operations under way on one WebSocket."""
    exact_operations: int = 250
    """Queries and mutations at a time on the exact path, which costs several times as much as a compiled run."""
    exact_waiting: int = 1000
    """Those that may wait for it; what is more is refused."""
    header_seconds: float = 15.0
    """For a request's head to come whole."""
    header_bytes: int = 64 * 1024
    """Of a request's head."""
    body_seconds: float = 40.0
    """For a request's body to come whole; an upload has as long again for each mebibyte."""
    send_seconds: float = 60.0
    """For a client to take in more of an answer than it has; after that its connection is ended."""
    init_seconds: float = 9.0
    """For ``connection_init`` after a WebSocket opened."""
    requests_per_second: float = 100.0
    """Of one client address, on average."""
    burst: int = 400
    """Of one client address, at once."""
    traces_per_second: float = 20.0
    """Kept for errors, for slowness or by callers' choice, on average."""
    document_cache_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """How the gateway behaves; ``guards`` is what it refuses."""

    introspection: bool = True
    explorer: bool = True
    explorer_operation: str = ""
    """What the explorer shows somebody who opens it for the first time; without it, how GraphiQL is used."""
    suggestions: bool = True
    """Whether errors say "did you mean"."""
    limit_loopback: bool = True
    """Whether callers on this machine are limited by address as others are."""
    metrics: bool = True
    """Whether ``/metrics`` is on this port."""
    metrics_port: int | None = None
    """A port of their own for metrics."""
    log_format: str = "text"
    """Or ``json``, an object a line."""
    log_level: str = "info"
    """What is logged: ``debug``, ``info``, ``warning`` or ``error``, and what is worse."""
    measure: bool = True
    """Whether requests, operations and fetches are timed; ``/metrics`` says nothing of them otherwise."""
    loop_held_seconds: float = 0.2
    """From how long on an event loop that is held is told of, with the place in the code; 0: it is not watched."""
    access_log: bool = True
    """Whether each request is a line of the log."""
    csrf: bool = True
    """Whether requests that a foreign page could make a browser send are refused."""
    limits: bool = True
    """Whether documents are held to ``guards``, and callers to a rate. Bytes and seconds are bounded anyway."""
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed."""
    compile_operations: bool = True
    """Whether operations run compiled from their second use on; the exact path gives the same answers."""
    warm_seconds: float = 10.0
    """How long a new supergraph may take to prepare the operations of the one before it."""
    override_labels: tuple[str, ...] = ()
    """Labels of progressive overrides that are active; those of percentages are besides, for their share."""
    share_fetches: bool = True
    """Whether equal queries to a subgraph that are under way at the same time are sent once, and equal operations run once."""
    token_jwks_url: str = ""
    """Where the keys are published that sign access tokens (Ed25519); without it all callers are anonymous."""
    token_issuer: str = ""
    token_audience: str = ""
    token_type: str = "at+jwt"  # noqa: S105 - no secret
    """The ``typ`` of an access token's header."""
    scope_claim: str = "scope"
    """The token's claim with the caller's scopes, for ``@requiresScopes``."""
    policy_claim: str = "policies"
    """The token's claim with the policies that hold for the caller, for ``@policy``."""
    reject_unauthorized: bool = False
    """Whether an operation is refused as a whole that asks for something its caller may not have."""
    leave_seconds: float = 0.0
    """For how long, once told to stop, requests are still taken, and clients told to go elsewhere."""
    drain_seconds: float = 9.0
    """For how long after that what is under way may go on."""
    subgraph_timeout: float = 30.0
    subgraph_urls: Mapping[str, str] = field(default_factory=dict)
    """Where subgraphs are, for those that are not where the supergraph says."""
    subgraph_http2: tuple[str, ...] = ()
    """Subgraphs that are offered HTTP/2 over TLS, and spoken to in it in clear text; the others get HTTP/1.1."""
    trace_share: float = 0.01
    """The share of requests whose traces are kept, 0 to 1; errors and slow ones are kept besides."""
    trace_parents: str = "ids"
    """Whose choice of what is kept is followed: ``any`` caller's, ``trusted`` proxies', or nobody's, whose ``ids`` alone are
    taken over; with ``none`` not even those."""
    trace_slow_seconds: float = 1.0
    """From how long on an operation is slow."""
    trace_documents: bool = False
    """Whether traces have documents, without the values in them."""
    federated_traces: str = "none"
    """When subgraphs are asked what each field took (``ftv1``): never (``none``), where a client asks the gateway for
    its own (``asked``), or also in traces that are kept by share or by callers' choice (``sampled``)."""
    contract: Mapping[str, Any] = field(default_factory=dict)
    """Which part of the graph clients are shown: ``include`` and ``exclude``, lists of tags, ``hide_unreachable``."""
    guards: Guards = field(default_factory=Guards)
