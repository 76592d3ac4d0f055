"""Prometheus, Alertmanager, Grafana and the OpenTelemetry Collector, configured for the product."""
