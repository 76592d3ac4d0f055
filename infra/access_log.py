"""One line of log a request, of a service that is a process of its own; in one process there is the gateway's."""

from __future__ import annotations

import logging
import re

from gateway.telemetry.logs import Line, Pseudonyms
from subgraphs.kit.serving.app import RequestEnd

__all__ = ["AccessLog"]

_log = logging.getLogger("subgraphs.access")
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TEXT = "%(service)s %(method)s %(route)s %(status)s %(milliseconds)s ms %(operation)s %(user)s %(trace_id)s"


class AccessLog:
    """Told of each request. The trace id joins its line with the gateway's and with other services'."""

    def __init__(self, service: str, pseudonyms: Pseudonyms) -> None:
        self._service = service
        self._pseudonyms = pseudonyms

    def __call__(self, end: RequestEnd) -> None:
        """Write the line, where the level lets it."""
        if not _log.isEnabledFor(logging.INFO):
            return
        name = end.operation
        fields = {
            "service": self._service,
            "method": end.method,
            "route": end.route,
            "status": end.status,
            "milliseconds": round(end.seconds * 1000, 1),
            "operation": name if isinstance(name, str) and _SAFE.fullmatch(name) else "-",
            "user": self._pseudonyms.of(end.viewer),
            "trace_id": end.trace_id or "-",
        }
        _log.handle(Line(_log, logging.INFO, _TEXT, fields))
