"""OpenTelemetry's environment variables, as far as they are ours to read."""

from __future__ import annotations

import pytest

from gateway.telemetry.tracing.environment import ExportTo, InvalidEnvironment, read_export, read_rules
from gateway.telemetry.tracing.tracing import TracingRules

_ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}


@pytest.mark.parametrize(
    ("environ", "export"),
    [
        ({}, None),
        (_ENDPOINT, ExportTo("otlp", 2048)),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/v1/traces"}, ExportTo("otlp", 2048)),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, ExportTo("otlp", 2048)),
        ({"OTEL_TRACES_EXPORTER": "console", "OTEL_BSP_MAX_QUEUE_SIZE": "7"}, ExportTo("console", 7)),
        ({**_ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, None),
        ({**_ENDPOINT, "OTEL_SDK_DISABLED": "true"}, None),
    ],
)
def test_it_says_whether_spans_are_exported(environ: dict[str, str], export: ExportTo | None) -> None:
    assert read_export(environ) == export


@pytest.mark.parametrize(
    ("environ", "rules"),
    [
        ({}, TracingRules(0.5, "trusted")),
        ({"OTEL_TRACES_SAMPLER": "always_on"}, TracingRules(1.0, "ids")),
        ({"OTEL_TRACES_SAMPLER": "always_off"}, None),
        ({"OTEL_TRACES_SAMPLER": "parentbased_always_off"}, TracingRules(0.0, "trusted", strict=True)),
        (
            {"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.2"},
            TracingRules(0.2, "ids"),
        ),
        (
            {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.2"},
            TracingRules(0.2, "trusted", strict=True),
        ),
    ],
)
def test_it_says_what_is_kept(environ: dict[str, str], rules: TracingRules | None) -> None:
    assert read_rules(environ, TracingRules(0.5, "trusted")) == rules


def test_no_sampler_takes_over_ids_where_the_settings_let_none_count() -> None:
    rules = read_rules({"OTEL_TRACES_SAMPLER": "always_on"}, TracingRules(0.5, "none"))
    assert rules == TracingRules(1.0, "none")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "-1"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
    ],
)
def test_what_cannot_be_taken_is_said_by_name(name: str, value: str) -> None:
    environ = {**_ENDPOINT, "OTEL_TRACES_SAMPLER": "traceidratio", name: value}
    with pytest.raises(InvalidEnvironment, match=name):
        (read_export(environ), read_rules(environ, TracingRules()))
