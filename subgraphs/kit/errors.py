"""What can go wrong, and what the caller is told.

    KitError                    a GraphQL error with ``extensions.code``
      Unauthenticated           no identity, or one that does not hold
      Forbidden                 known, but not allowed
      BadInput                  arguments no mutation payload can answer for (a page size, a cursor)
      RateLimited               too often; says when to come again
      Unavailable               a server this one stands on is away
    Rejected                    a mutation's ``userErrors``: input the caller can mend

Hidden and missing are one: both are None, or NOT_FOUND, in the same words.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry

__all__ = [
    "BadInput",
    "ErrorCode",
    "Forbidden",
    "KitError",
    "RateLimited",
    "Rejected",
    "Unauthenticated",
    "Unavailable",
    "UserError",
]


class KitError(Exception):
    """An error the caller may read. ``code`` is stable."""

    code = "INTERNAL_SERVER_ERROR"
    status = 500

    def extensions(self) -> dict[str, Any]:
        """The error's ``extensions``."""
        return {"code": self.code}


class Unauthenticated(KitError):
    code = "UNAUTHENTICATED"
    status = 401

    def __init__(self, message: str = "Sign in to do this.") -> None:
        super().__init__(message)


class Forbidden(KitError):
    code = "FORBIDDEN"
    status = 403

    def __init__(self, message: str = "You may not do this.") -> None:
        super().__init__(message)


class BadInput(KitError):
    code = "BAD_USER_INPUT"
    status = 400


class RateLimited(KitError):
    code = "RATE_LIMITED"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts. Try again in {retry_after} seconds.")
        self.retry_after = retry_after

    def extensions(self) -> dict[str, Any]:
        return {"code": self.code, "retryAfter": self.retry_after}


class Unavailable(KitError):
    code = "SERVICE_UNAVAILABLE"
    status = 503

    def __init__(self, server: str) -> None:
        super().__init__(f"The {server} cannot be reached just now. Try again shortly.")


@strawberry.enum(description="Why a mutation was not carried out.")
class ErrorCode(Enum):
    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    HANDLE_UNAVAILABLE = "HANDLE_UNAVAILABLE"
    EMAIL_UNAVAILABLE = "EMAIL_UNAVAILABLE"
    WEAK_PASSWORD = "WEAK_PASSWORD"  # noqa: S105
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    INVALID_REFRESH_TOKEN = "INVALID_REFRESH_TOKEN"  # noqa: S105
    OUT_OF_STOCK = "OUT_OF_STOCK"
    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    UNSUPPORTED_FORMAT = "UNSUPPORTED_FORMAT"
    CORRUPT = "CORRUPT"
    TRUNCATED = "TRUNCATED"
    TOO_LARGE = "TOO_LARGE"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    TOO_MANY_FRAMES = "TOO_MANY_FRAMES"
    TOO_LONG = "TOO_LONG"
    FILMS_NOT_TAKEN = "FILMS_NOT_TAKEN"
    PROCESSING_FAILED = "PROCESSING_FAILED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    MALWARE = "MALWARE"
    CHECKSUM_MISMATCH = "CHECKSUM_MISMATCH"


@strawberry.federation.type(shareable=True, description="One thing the caller can mend.")
class UserError:
    code: ErrorCode
    message: str
    field: list[str] | None = strawberry.federation.field(
        default=None, description="Where in `input`, from the outside in."
    )


class Rejected(Exception):
    """Raised by services; `kit.graph.payloads` turns it into the payload's ``userErrors``."""

    def __init__(self, code: ErrorCode, message: str, *field: str) -> None:
        super().__init__(message)
        self.errors = [UserError(code=code, message=message, field=list(field) or None)]

    @classmethod
    def not_found(cls, what: str, *field: str) -> Rejected:
        """Missing and hidden, in the same words."""
        return cls(ErrorCode.NOT_FOUND, f"There is no such {what}.", *field)
