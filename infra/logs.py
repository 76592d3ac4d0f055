"""Log lines of the product's processes: the gateway's, with what libraries say now and then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from gateway.telemetry import logs

__all__ = ["configure_logs"]


def configure_logs(
    format_: str, level: str = "info", forward: Callable[[], Iterable[int]] = lambda: ()
) -> None:
    """As the gateway's."""
    logs.configure_logs(format_, level, forward)
    for chatty in ("alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
