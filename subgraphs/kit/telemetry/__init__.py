"""What is measured and traced: Prometheus' series, spans, the times of resolvers."""
