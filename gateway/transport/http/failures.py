"""What can go wrong between here and an HTTP server, each with its stable code."""

from __future__ import annotations

__all__ = [
    "BadRequest",
    "BadResponse",
    "ConnectFailed",
    "HttpFailure",
    "Interrupted",
    "Overloaded",
    "TimedOut",
    "TooLarge",
]


class HttpFailure(Exception):
    """No whole answer. The message is for clients: it names no address."""

    code = "SUBREQUEST_HTTP_ERROR"


class ConnectFailed(HttpFailure):
    """No connection could be made."""


class BadRequest(HttpFailure):
    """The request cannot be put in HTTP."""


class Interrupted(HttpFailure):
    """The connection ended first; ``untouched`` is true where not one byte of an answer had come."""

    def __init__(self, message: str, *, untouched: bool = False) -> None:
        super().__init__(message)
        self.untouched = untouched


class BadResponse(HttpFailure):
    """What came is not HTTP, or not what it says it is."""

    code = "SUBREQUEST_MALFORMED_RESPONSE"


class TooLarge(HttpFailure):
    """The answer is longer than this gateway takes."""

    code = "SUBREQUEST_RESPONSE_TOO_LARGE"


class Overloaded(HttpFailure):
    """Too many requests wait for a connection already."""

    code = "SUBREQUEST_OVERLOADED"


class TimedOut(HttpFailure):
    """The answer did not come in time."""

    code = "SUBREQUEST_TIMEOUT"
