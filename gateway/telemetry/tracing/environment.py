"""What OpenTelemetry's environment variables say of traces.

https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. Here is only whether anything is
exported and what is kept; the exporter reads its endpoint, headers, certificates and times by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gateway.telemetry.tracing.tracing import TracingRules

__all__ = ["ExportTo", "InvalidEnvironment", "read_export", "read_rules"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_QUEUE = "OTEL_BSP_MAX_QUEUE_SIZE"
_SAMPLERS = ("always_on", "always_off", "traceidratio")


class InvalidEnvironment(Exception):
    """A variable that cannot be taken: its name, what it says, and what it may say."""


@dataclass(frozen=True, slots=True)
class ExportTo:
    """That spans are exported, and how many may wait for it."""

    kind: Literal["otlp", "console"] = "otlp"
    queue: int = 2048


def read_export(environ: Mapping[str, str]) -> ExportTo | None:
    """None where nothing is exported: without an endpoint, or where it is switched off. Raises InvalidEnvironment."""
    kind = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if _is_off(environ) or kind == "none" or not (kind or any(environ.get(name) for name in _ENDPOINTS)):
        return None
    if kind not in ("", "otlp", "console"):
        raise InvalidEnvironment(f"OTEL_TRACES_EXPORTER is otlp, console or none, and not {kind!r}")
    for name in _PROTOCOLS:
        if environ.get(name, "http/protobuf") != "http/protobuf":
            raise InvalidEnvironment(f"{name} is http/protobuf, and not {environ[name]!r}")
    queue = environ.get(_QUEUE, "2048")
    if not (queue.isascii() and queue.isdigit() and int(queue) > 0):
        raise InvalidEnvironment(f"{_QUEUE} is a number above 0, and not {queue!r}")
    return ExportTo("console" if kind == "console" else "otlp", int(queue))


def read_rules(environ: Mapping[str, str], rules: TracingRules) -> TracingRules | None:
    """``rules``, unless OTEL_TRACES_SAMPLER says otherwise; None where it keeps nothing. Raises InvalidEnvironment."""
    if _is_off(environ):
        return None
    sampler = environ.get("OTEL_TRACES_SAMPLER", "").strip().lower()
    if not sampler:
        return rules
    kind = sampler.removeprefix("parentbased_")
    if kind not in _SAMPLERS:
        known = ", ".join([*_SAMPLERS, *(f"parentbased_{name}" for name in _SAMPLERS)])
        raise InvalidEnvironment(f"OTEL_TRACES_SAMPLER is one of {known}, and not {sampler!r}")
    if sampler == "always_off":
        return None
    share = {"always_on": 1.0, "always_off": 0.0}.get(kind)
    if share is None:
        share = _share(environ.get("OTEL_TRACES_SAMPLER_ARG", "1"))
    if kind != sampler:
        return replace(rules, share=share, strict=True)
    return replace(rules, share=share, parents="none" if rules.parents == "none" else "ids")


def _is_off(environ: Mapping[str, str]) -> bool:
    return environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InvalidEnvironment(f"OTEL_TRACES_SAMPLER_ARG is a number from 0 to 1, and not {text!r}")
    return share
