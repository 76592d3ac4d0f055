"""Who is an operator: the check that every door for operators begins with."""

from __future__ import annotations

from starlette.requests import Request

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.access import Access
from gateway.edge.identity.caller import Caller

__all__ = ["ROLE", "is_operator", "operator_of", "require_operator"]

ROLE = "operator"
_MESSAGE = "Operators may do this."


async def operator_of(access: Access, request: Request) -> Caller:
    """The caller of a request with an operator's access token. Raises RequestRefused (401, 403)."""
    caller = await access.caller(request.headers.get("authorization"), request.state.address)
    request.state.subject = caller.claims.get("sub")  # also of who is refused
    return require_operator(caller)


def is_operator(caller: Caller) -> bool:
    """By the access token, which has been verified."""
    return ROLE in caller.claims.get("roles", ())


def require_operator(caller: Caller) -> Caller:
    """The same caller. Raises RequestRefused: 401 for nobody, 403 for somebody else."""
    if is_operator(caller):
        return caller
    if caller.anonymous:
        raise RequestRefused(401, "UNAUTHENTICATED", _MESSAGE, {"www-authenticate": "Bearer"})
    raise RequestRefused(403, "FORBIDDEN", _MESSAGE)
