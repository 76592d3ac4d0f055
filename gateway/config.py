"""The gateway's one typed configuration. Every limit is a setting with a safe default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ConfigError", "GatewaySettings", "Guards", "read_config"]


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
    batch: int = 10
    """Operations in one request."""
    socket_operations: int = 100
    """Operations under way on one WebSocket."""
    header_seconds: float = 15.0
    """For a request's head to come whole."""
    header_bytes: int = 64 * 1024
    """Of a request's head."""
    body_seconds: float = 40.0
    """For a request's body to come whole; an upload has as long again for each mebibyte."""
    init_seconds: float = 9.0
    """For ``connection_init`` after a WebSocket opened."""
    requests_per_second: float = 100.0
    """Of one client address, on average."""
    burst: int = 400
    """Of one client address, at once."""
    document_cache_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """How the gateway behaves; ``guards`` is what it refuses."""

    introspection: bool = True
    explorer: bool = True
    suggestions: bool = True
    """Whether errors say "did you mean"."""
    limit_loopback: bool = True
    """Whether callers on this machine are limited by address as others are."""
    metrics: bool = True
    """Whether ``/metrics`` is on this port."""
    public_url: str | None = None
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed."""
    subgraph_timeout: float = 30.0
    guards: Guards = field(default_factory=Guards)


def read_config(path: Path, base: GatewaySettings) -> GatewaySettings:
    """``base`` with what a YAML or JSON file says; raises ConfigError on names or kinds not known."""
    try:
        given = yaml.safe_load(path.read_text()) or {}
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
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
    if wanted == "tuple[str, ...]" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if wanted == "bool" and isinstance(value, bool):
        return value
    number = isinstance(value, int if wanted == "int" else int | float) and not isinstance(value, bool)
    if wanted in {"int", "float"} and number and value > 0:
        return value
    if wanted == "str | None" and (value is None or isinstance(value, str)):
        return value
    raise ConfigError(f"{where}: {name} must be {wanted}, and is {value!r}")
