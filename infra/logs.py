"""Log lines of the product's processes: the gateway's, with what libraries say now and then."""

from __future__ import annotations

import logging

from gateway.telemetry import logs

__all__ = ["configure_logs"]


def configure_logs(format_: str, level: int = logging.INFO) -> None:
    """Send this process's log to standard error, ``format_`` being ``text`` or ``json``."""
    logs.configure_logs(format_, level)
    for chatty in ("alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
