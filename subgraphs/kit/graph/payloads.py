"""Mutations answer payloads; what the caller can mend is in ``userErrors``, not in ``errors``."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar, get_type_hints

import strawberry

from subgraphs.kit.errors import Rejected, UserError

__all__ = ["Payload", "user_errors"]

P = ParamSpec("P")
R = TypeVar("R", bound="Payload")


@strawberry.type
class Payload:
    """The base of every payload: subclasses add what was made or changed, each None by default."""

    user_errors: list[UserError] = strawberry.field(default_factory=list)


def user_errors(resolver: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Answer a ``Rejected`` raised in the resolver with its payload type and nothing but the errors."""

    @functools.wraps(resolver)
    async def answered(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await resolver(*args, **kwargs)
        except Rejected as rejected:
            payload: Any = get_type_hints(resolver)["return"]
            made: R = payload(user_errors=rejected.errors)
            return made

    return answered
