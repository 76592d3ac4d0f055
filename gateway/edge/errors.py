"""What the edge refuses, with the HTTP status and the code that say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError

__all__ = ["DocumentRefused", "RequestRefused", "formatted"]

_LONGEST = 1000
"""Characters of a message: it may quote what the client sent."""


class RequestRefused(Exception):
    """The request is answered with this status and one error; nothing of it is executed."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})

    def answer(self) -> dict[str, Any]:
        """As GraphQL answers it: without ``data``, since nothing was executed."""
        return {"errors": [{"message": str(self), "extensions": {"code": self.code}}]}


class DocumentRefused(Exception):
    """The document does not parse, is not valid, or its variables do not fit.

    By application/json that is answered 200, by application/graphql-response+json 400 (GraphQL over HTTP).
    """

    def __init__(self, code: str, errors: Sequence[GraphQLError]) -> None:
        super().__init__(code)
        self.code = code
        self.errors = list(errors)

    def answer(self) -> dict[str, Any]:
        """Without ``data``, since nothing was executed."""
        return {"errors": [formatted(e, self.code) for e in self.errors]}


def formatted(error: GraphQLError, code: str) -> dict[str, Any]:
    """An error as the spec has it, with a code."""
    shown: dict[str, Any] = dict(error.formatted)
    if len(error.message) > _LONGEST:
        shown["message"] = error.message[:_LONGEST] + "…"
    shown["extensions"] = {"code": code, **(error.extensions or {})}
    return shown
