"""Spans of what is asked of an object store (https://opentelemetry.io/docs/specs/semconv/object-stores/s3/)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opentelemetry.trace import SpanKind

from subgraphs.kit.telemetry.tracing import note

if TYPE_CHECKING:
    from media_core.storage.s3 import S3Call

__all__ = ["note_call"]


def note_call(call: S3Call) -> None:
    """One client span an operation, in whatever is being traced where it was asked; without the object's key."""
    where = urlsplit(f"//{call.location.host}")
    attributes: dict[str, str | int] = {
        "rpc.system": "aws-api",
        "rpc.service": "S3",
        "rpc.method": call.operation,
        "aws.s3.bucket": call.location.bucket,
        "server.address": where.hostname or "",
        "server.port": where.port or (443 if call.location.secure else 80),
    }
    name = f"S3.{call.operation}"
    note(name, call.began, attributes, kind=SpanKind.CLIENT, ended=call.ended, error=call.error)
