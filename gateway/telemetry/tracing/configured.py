"""The tracing that the settings and OpenTelemetry's environment variables ask for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from prometheus_client import CollectorRegistry

from gateway.config import ConfigError, GatewaySettings
from gateway.telemetry.tracing import NOT_KEPT, Tracing
from gateway.telemetry.tracing.environment import ExportTo, InvalidEnvironment, read_export, read_rules
from gateway.telemetry.tracing.tracing import Parents, TracingRules

if TYPE_CHECKING:
    from gateway.telemetry.tracing.export import SpanExport

__all__ = ["check_tracing", "configured_tracing", "read_tracing", "tracing_to"]


def check_tracing(settings: GatewaySettings, environ: Mapping[str, str]) -> None:
    """Raise ConfigError for what ``configured_tracing`` cannot take."""
    read_tracing(settings, environ)


@contextlib.contextmanager
def configured_tracing(
    settings: GatewaySettings, environ: Mapping[str, str], registry: CollectorRegistry
) -> Iterator[Tracing]:
    """Tracing, exported until the end of the context where the environment says where to. Raises ConfigError."""
    to, rules = read_tracing(settings, environ)
    if to is None or rules is None:
        yield NOT_KEPT
        return
    from gateway.telemetry.tracing.export import open_export

    with open_export(to, "gateway", registry) as export:
        yield tracing_to(export, rules)


def tracing_to(export: SpanExport, rules: TracingRules) -> Tracing:
    """Tracing that goes where the spans of the rest of the process go."""
    from gateway.telemetry.tracing.spans import SpanWriter

    return Tracing(SpanWriter(export.processor, export.resource), rules)


def read_tracing(
    settings: GatewaySettings, environ: Mapping[str, str]
) -> tuple[ExportTo | None, TracingRules | None]:
    """Where spans go, None for nowhere, and what is kept, None for nothing. Raises ConfigError."""
    rules = TracingRules(
        share=settings.trace_share,
        parents=cast("Parents", settings.trace_parents),
        slow_seconds=settings.trace_slow_seconds,
        per_second=settings.guards.traces_per_second,
    )
    try:
        return read_export(environ), read_rules(environ, rules)
    except InvalidEnvironment as error:
        raise ConfigError(str(error)) from error
