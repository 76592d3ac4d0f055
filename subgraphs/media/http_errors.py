"""What the doors beside GraphQL answer when they take nothing: a status, a stable code, a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from subgraphs.kit.errors import ErrorCode, KitError, RateLimited, Rejected

__all__ = ["refusal", "refused"]

_STATUS = {
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.QUOTA_EXCEEDED: 413,
    ErrorCode.NOT_AN_IMAGE: 415,
    ErrorCode.UNSUPPORTED_FORMAT: 415,
    ErrorCode.FILMS_NOT_TAKEN: 415,
    ErrorCode.INVALID_INPUT: 400,
    ErrorCode.NOT_FOUND: 404,
}


def refused(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error as JSON."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, dict(headers or {}))


def refusal(error: KitError | Rejected, headers: Mapping[str, str] | None = None) -> Response:
    """As GraphQL would say it; RateLimited says when to come again."""
    if isinstance(error, Rejected):
        first = error.errors[0]
        return refused(_STATUS.get(first.code, 422), first.code.value, first.message, headers)
    again = {"retry-after": str(error.retry_after)} if isinstance(error, RateLimited) else {}
    return refused(error.status, error.code, str(error), {**(headers or {}), **again})
