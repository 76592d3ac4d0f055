"""The line of log that each request has once it is answered."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import NamedTuple

from gateway.telemetry.lines import WaitingLines
from gateway.telemetry.logs import Pseudonyms

__all__ = ["SAFE", "Answered", "access_lines"]

SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What of a client's own words a line says as it is."""
_LINE = (
    "%(method)s %(route)s %(status)s %(milliseconds)s ms %(operation)s %(user)s %(request_id)s %(trace_id)s"
)


class Answered(NamedTuple):
    """A request that has been answered: what its line says."""

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    operation: str | None
    """As the client calls it: not to be believed."""
    subject: object
    trace_id: str


def access_lines(log: logging.Logger, pseudonyms: Pseudonyms) -> WaitingLines[Answered]:
    """Lines to add what was answered to; users are told apart, and not named."""

    def fields(answered: Answered) -> Mapping[str, object]:
        operation = answered.operation
        return {
            "request_id": answered.request_id,
            "method": answered.method,
            "route": answered.route,
            "status": answered.status,
            "milliseconds": round(answered.seconds * 1000, 1),
            "operation": operation if operation and SAFE.fullmatch(operation) else "-",
            "user": pseudonyms.of(answered.subject),
            "trace_id": answered.trace_id,
        }

    return WaitingLines(log, _LINE, fields)
