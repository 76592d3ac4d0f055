"""What the spans of sending and of handling an event say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["messaging"]


def messaging(operation: str, stream: str, event: Mapping[str, Any]) -> dict[str, str]:
    """A span's attributes (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/)."""
    return {
        "messaging.system": "redis",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": stream,
        "messaging.message.id": str(event["id"]),
        "event.type": event["type"],
    }
