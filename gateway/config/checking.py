"""Settings as they are given, held to what each may be."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

__all__ = ["ConfigError", "checked"]


class ConfigError(Exception):
    """A setting that cannot be taken: its name, what it got, and what it takes."""


class _Kind(NamedTuple):
    """What a setting of a type takes: in words, and whether a value is so."""

    told: str
    fits: Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_KINDS: Mapping[str, _Kind] = {
    "bool": _Kind("true or false", lambda value: isinstance(value, bool)),
    "int": _Kind("a whole number above 0", lambda value: _is_whole(value) and value > 0),
    "float": _Kind("a number above 0", lambda value: _is_number(value) and 0 < value < math.inf),
    "int | None": _Kind(
        "a port, or null", lambda value: value is None or (_is_whole(value) and 0 < value < 65536)
    ),
    "str": _Kind("a text", lambda value: isinstance(value, str)),
    "tuple[str, ...]": _Kind("a list of texts", _are_texts),
    "Mapping[str, str]": _Kind("a mapping of texts", lambda value: isinstance(value, dict)),
    "Mapping[str, Any]": _Kind("a mapping", lambda value: isinstance(value, dict)),
}
_OR_ZERO = _Kind("a number, 0 or more", lambda value: _is_number(value) and 0 <= value < math.inf)
_SHARE = _Kind("a number from 0 to 1", lambda value: _is_number(value) and 0 <= value <= 1)


def _one_of(*texts: str) -> _Kind:
    return _Kind(f"{', '.join(texts[:-1])} or {texts[-1]}", lambda value: value in texts)


_OWN_KINDS: Mapping[str, _Kind] = {
    "log_format": _one_of("text", "json"),
    "log_level": _one_of("debug", "info", "warning", "error"),
    "trace_parents": _one_of("any", "trusted", "ids", "none"),
    "federated_traces": _one_of("none", "asked", "sampled"),
    "trace_share": _SHARE,
    "leave_seconds": _OR_ZERO,
    "loop_held_seconds": _OR_ZERO,
}
"""Settings that take something else than others of their type."""


def checked(kind: type, given: Any, where: str) -> Mapping[str, Any]:
    """What was given for a class's fields, as it takes them. Raises ConfigError."""
    if not isinstance(given, dict):
        raise ConfigError(f"{where} must be a mapping")
    known = {f.name: f for f in fields(kind) if f.name != "guards"}
    taken: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise ConfigError(f"{where}: there is no setting {name!r}; there are {', '.join(sorted(known))}")
        taken[name] = _taken(name, value, str(known[name].type), where)
    return taken


def _taken(name: str, value: Any, wanted: str, where: str) -> Any:
    _check(name, value, _OWN_KINDS.get(name) or _KINDS[wanted], where)
    if name == "contract":
        return _contract(value, where)
    if name == "trusted_proxies":
        _check_networks(value, where)
    if isinstance(value, dict):
        for key, one in value.items():
            _check(str(key), one, _KINDS["str"], where)
        return {str(key): one for key, one in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _check(name: str, value: Any, kind: _Kind, where: str) -> None:
    if not kind.fits(value):
        raise ConfigError(f"{where}: {name} must be {kind.told}, and is {value!r}")


def _contract(given: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    kinds = {"include": "tuple[str, ...]", "exclude": "tuple[str, ...]", "hide_unreachable": "bool"}
    for name in given:
        if name not in kinds:
            raise ConfigError(f"{where}: a contract has {', '.join(kinds)}, and no {name!r}")
    return {name: _taken(name, value, kinds[name], where) for name, value in given.items()}


def _check_networks(networks: list[str], where: str) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            message = f"{where}: trusted proxies are addresses or networks, and {network!r} is neither"
            raise ConfigError(message) from error
