"""What media_core does, as Prometheus series and as spans."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from media_core.observer import ByteKind
from subgraphs.kit.errors import RateLimited, Rejected
from subgraphs.kit.telemetry.tracing import note

__all__ = ["MediaMetrics"]

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class _Upload:
    status = "failed"
    """Of what was stored: a value of MediaStatus."""


class MediaMetrics:
    """media_core's observer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._stages = Histogram(
            "media_process_duration_seconds",
            "Duration of a stage of the image pipeline",
            ["stage"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._rejected = Counter("media_rejected_total", "Pictures refused", ["code"], registry=registry)
        self._uploads = Counter(
            "media_uploads_total",
            "Uploads by outcome: ready, degraded, rejected, busy, failed",
            ["outcome"],
            registry=registry,
        )
        self.backlog = Gauge(
            "media_backlog_pictures", "Pictures stored without their sizes", registry=registry
        )
        self._bytes = Counter("media_bytes_total", "Bytes taken in and made", ["kind"], registry=registry)

    def stages(self, seconds: Mapping[str, float]) -> None:
        for name, value in seconds.items():
            self._stages.labels(name).observe(value)
        self._note(seconds)

    def _note(self, seconds: Mapping[str, float]) -> None:
        """One span a stage, end to end until now: those that alternate from size to size are each told as one."""
        began = time.perf_counter() - sum(value for name, value in seconds.items() if name != "total")
        for name, value in seconds.items():
            if name != "total":
                note(f"image {name}", began, {"image.stage": name}, ended=began + value)
                began += value

    @contextmanager
    def upload(self) -> Iterator[_Upload]:
        """Count an upload by how the block ends; what was made of it is said within."""
        made = _Upload()
        outcome = "failed"
        try:
            yield made
            outcome = made.status.lower()
        except Rejected:
            outcome = "rejected"
            raise
        except RateLimited:
            outcome = "busy"
            raise
        finally:
            self._uploads.labels(outcome).inc()

    def rejected(self, code: str) -> None:
        self._rejected.labels(code).inc()

    def bytes(self, kind: ByteKind, count: int) -> None:
        self._bytes.labels(kind).inc(count)
