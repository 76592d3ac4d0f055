"""Pictures: uploads, stages and what waits."""

from __future__ import annotations

from infra.monitoring.boards.expressions import one, p95, rate
from infra.monitoring.panels import Board

__all__ = ["MEDIA"]

MEDIA = Board(
    "lets-connect-media",
    "Let's Connect / Media",
    "Pictures on their way in, and the pool that makes their sizes.",
    [
        one(
            "Uploads by outcome",
            "`degraded` is stored and served, its sizes follow.",
            "reqps",
            rate("media_uploads_total", "outcome"),
            "{{outcome}}",
        ),
        one(
            "Refused, by reason",
            "What the pipeline does not take.",
            "reqps",
            rate("media_rejected_total", "code"),
            "{{code}}",
        ),
        p95(
            "Stages, p95",
            "`queue` is waiting for a worker.",
            "media_process_duration_seconds",
            "stage",
            "{{stage}}",
        ),
        one(
            "Bytes",
            "Taken in and made.",
            "Bps",
            rate("media_bytes_total", "kind"),
            "{{kind}}",
        ),
        one(
            "Jobs of the image pool",
            "Waiting and in work.",
            "short",
            "sum by (instance, state) (media_pool_jobs{$sel})",
            "{{instance}} {{state}}",
        ),
        one(
            "Backlog",
            "Pictures that are stored without their sizes.",
            "short",
            "sum by (instance) (media_backlog_pictures{$sel})",
            "{{instance}}",
        ),
    ],
)
