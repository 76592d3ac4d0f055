"""The gateway's one typed configuration. Every limit is a setting with a safe default."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ConfigError", "GatewaySettings", "Guards", "read_config", "read_environment", "settings_for"]

_PREFIX = "LETS_CONNECT_"
_OWN = f"{_PREFIX}GATEWAY_"
_URL = f"{_PREFIX}SUBGRAPH_URL_"
_SIZE = re.compile(r"(\d+) ?([KMG]i?)?B?", re.IGNORECASE)


class ConfigError(Exception):
    """A setting that cannot be taken: its name, what it got, and what it takes."""


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


def settings_for(environment: str) -> GatewaySettings:
    """The defaults of ``development`` or ``production``. Raises ConfigError."""
    if environment not in {"development", "production"}:
        raise ConfigError(f"{_PREFIX}ENV must be development or production, and is {environment!r}")
    open_ = environment == "development"
    return GatewaySettings(
        introspection=open_, explorer=open_, suggestions=open_, limit_loopback=not open_, metrics=open_
    )


def read_environment(environ: Mapping[str, str], base: GatewaySettings) -> GatewaySettings:
    """``base`` with what the environment says. Raises ConfigError.

    Beside the names that the whole product has, every setting and every guard is
    ``LETS_CONNECT_GATEWAY_<NAME>``, its value written as in the file.
    """
    own: dict[str, Any] = {}
    guards: dict[str, Any] = {}
    urls = dict(base.subgraph_urls)
    for variable, text in ((name, text.strip()) for name, text in environ.items() if text.strip()):
        if variable.startswith(_URL):
            urls[variable.removeprefix(_URL).lower()] = text
        elif variable in _PRODUCT:
            name, read = _PRODUCT[variable]
            _take(own, guards, name, read(text), variable)
        elif variable.startswith(_OWN):
            _take(own, guards, variable.removeprefix(_OWN).lower(), _yaml(variable, text), variable)
    own["subgraph_urls"] = {**urls, **own.get("subgraph_urls", {})}
    return replace(base, **own, guards=replace(base.guards, **guards))


def _take(own: dict[str, Any], guards: dict[str, Any], name: str, value: Any, variable: str) -> None:
    kind, into = (Guards, guards) if name in {f.name for f in fields(Guards)} else (GatewaySettings, own)
    into.update(_checked(kind, {name: value}, variable))


def _yaml(variable: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{variable} cannot be read: {error}") from error


def _size(text: str) -> Any:
    match = _SIZE.fullmatch(text)
    return (
        int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[(match[2] or "")[:1].upper()] if match else text
    )


# The product's name for a setting, what it is called here, and how it is read; what does not fit is refused later.
_PRODUCT: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    f"{_PREFIX}LOG_FORMAT": ("log_format", str),
    f"{_PREFIX}LOG_LEVEL": ("log_level", str),
    f"{_PREFIX}LEAVE_SECONDS": ("leave_seconds", lambda text: _yaml(f"{_PREFIX}LEAVE_SECONDS", text)),
    f"{_PREFIX}DRAIN_SECONDS": ("drain_seconds", lambda text: _yaml(f"{_PREFIX}DRAIN_SECONDS", text)),
    f"{_PREFIX}METRICS_PORT": ("metrics_port", lambda text: int(text) if text.isdigit() else text),
    f"{_PREFIX}FORWARDED_ALLOW_IPS": (
        "trusted_proxies",
        lambda text: [p.strip() for p in text.split(",") if p.strip()],
    ),
    f"{_PREFIX}UPLOAD_MAX_BYTES": ("upload_bytes", _size),
}


def read_config(path: Path, base: GatewaySettings) -> GatewaySettings:
    """``base`` with what a YAML or JSON file says; raises ConfigError on names or kinds not known."""
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{path} is neither YAML nor JSON: {error}") from error
    if not isinstance(given, dict):
        raise ConfigError(f"{path} must be a mapping of settings, and is {type(given).__name__}")
    guards = replace(base.guards, **_checked(Guards, given.pop("guards", {}) or {}, f"{path}: guards"))
    return replace(base, **_checked(GatewaySettings, given, str(path)), guards=guards)


def _checked(kind: type, given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise ConfigError(f"{where} must be a mapping")
    known = {f.name: f for f in fields(kind) if f.name != "guards"}
    checked: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise ConfigError(f"{where}: there is no setting {name!r}; there are {', '.join(sorted(known))}")
        checked[name] = _value(name, value, str(known[name].type), where)
    return checked


def _value(name: str, value: Any, wanted: str, where: str) -> Any:
    if name == "log_format" and value not in ("text", "json"):
        raise ConfigError(f"{where}: log_format must be text or json, and is {value!r}")
    if name == "log_level" and value not in ("debug", "info", "warning", "error"):
        raise ConfigError(f"{where}: log_level must be debug, info, warning or error, and is {value!r}")
    if name == "trace_parents" and value not in ("any", "trusted", "ids", "none"):
        raise ConfigError(f"{where}: trace_parents must be any, trusted, ids or none, and is {value!r}")
    if name == "federated_traces" and value not in ("none", "asked", "sampled"):
        raise ConfigError(f"{where}: federated_traces must be none, asked or sampled, and is {value!r}")
    if name == "trace_share" and not (type(value) in (int, float) and 0 <= value <= 1):
        raise ConfigError(f"{where}: trace_share must be a number from 0 to 1, and is {value!r}")
    if name == "contract" and isinstance(value, dict):
        return _contract(value, where)
    if wanted == "tuple[str, ...]" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        if name == "trusted_proxies":
            _check_networks(value, where)
        return tuple(value)
    if wanted.startswith("Mapping") and isinstance(value, dict):
        return {str(k): _value(str(k), v, "str", where) for k, v in value.items()}
    if wanted == "bool" and isinstance(value, bool):
        return value
    number = isinstance(value, int if wanted == "int" else int | float) and not isinstance(value, bool)
    if wanted in ("int", "float") and number and (0 < value < math.inf or name in _MAY_BE_ZERO):
        return value
    if wanted == "str" and isinstance(value, str):
        return value
    if wanted == "int | None" and (value is None or (type(value) is int and 0 < value < 65536)):
        return value
    raise ConfigError(f"{where}: {name} must be {_KINDS[wanted]}, and is {value!r}")


_MAY_BE_ZERO = frozenset({"trace_share", "leave_seconds"})
_KINDS = {
    "bool": "true or false",
    "int": "a whole number above 0",
    "float": "a number above 0",
    "int | None": "a port, or null",
    "str": "a text",
    "tuple[str, ...]": "a list of texts",
    "Mapping[str, str]": "a mapping of texts",
    "Mapping[str, Any]": "a mapping",
}


def _contract(given: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    kinds = {"include": "tuple[str, ...]", "exclude": "tuple[str, ...]", "hide_unreachable": "bool"}
    for name in given:
        if name not in kinds:
            raise ConfigError(f"{where}: a contract has {', '.join(kinds)}, and no {name!r}")
    return {name: _value(name, value, kinds[name], where) for name, value in given.items()}


def _check_networks(networks: list[str], where: str) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            message = f"{where}: trusted proxies are addresses or networks, and {network!r} is neither"
            raise ConfigError(message) from error
