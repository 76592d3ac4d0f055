"""Settings in environment variables, by the product's names and by the gateway's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

import yaml

from gateway.config.checking import ConfigError, checked
from gateway.config.settings import GatewaySettings, Guards

__all__ = ["read_environment", "settings_for"]

_PREFIX = "LETS_CONNECT_"
_OWN = f"{_PREFIX}GATEWAY_"
_URL = f"{_PREFIX}SUBGRAPH_URL_"
_SIZE = re.compile(r"(\d+) ?([KMG]i?)?B?", re.IGNORECASE)


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
    into.update(checked(kind, {name: value}, variable))


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
