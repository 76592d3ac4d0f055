"""``/ops``: the web app's page for operators, refused by its status to everybody else.

A browser sends no token with an address. So the app, where an operator has signed in, leaves the access token in a cookie
that goes to this path alone, where it opens nothing but the page; the page's data needs the token itself.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.access import Access
from gateway.edge.pages.site import Site
from infra.operators import operator_of, require_operator

__all__ = ["ops_page"]

_COOKIE = "lets_connect_ops"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def ops_page(access: Access, site: Site) -> ASGIApp:
    """The page, and ``/api/ops/page``, which lets a browser open it until its token ends."""

    async def page(request: Request) -> Response:
        token = request.cookies.get(_COOKIE)
        given = request.headers.get("authorization") or (f"Bearer {token}" if token else None)
        try:
            caller = await access.caller(given, request.state.address)
            request.state.subject = caller.claims.get("sub")
            require_operator(caller)
        except RequestRefused as refused:
            return _refused(site, request, refused)
        return _kept_by_nobody(site.serve(request) or JSONResponse(_NOTHING, 404))

    async def let_in(request: Request) -> Response:
        try:
            caller = await operator_of(access, request)
        except RequestRefused as refused:
            return JSONResponse(refused.answer(), refused.status, refused.headers)
        answer = Response(status_code=204)
        answer.set_cookie(
            _COOKIE,
            request.headers["authorization"].split()[-1],
            max_age=int(access.seconds_left(caller) or 0),
            path="/ops",
            secure=request.url.hostname not in _LOOPBACK,  # a proxy that ends TLS leaves no trace of it here
            httponly=True,
            samesite="strict",
        )
        return answer

    return Starlette(routes=[Route("/ops", page), Route("/api/ops/page", let_in, methods=["POST"])])


_NOTHING = {"error": {"code": "NOT_FOUND", "message": "There is nothing here."}}


def _refused(site: Site, request: Request, refused: RequestRefused) -> Response:
    """The app all the same: it says that nothing is here, or, to an operator who comes by an old cookie, is the page."""
    whole = [(name, value) for name, value in request.scope["headers"] if name != b"if-none-match"]
    answer = site.serve(Request({**request.scope, "headers": whole}))
    if answer is None:
        return JSONResponse(refused.answer(), refused.status, refused.headers)
    answer.status_code = refused.status
    return _kept_by_nobody(answer)


def _kept_by_nobody(answer: Response) -> Response:
    """What one may have, the next one may not."""
    if "etag" in answer.headers:
        del answer.headers["etag"]
    answer.headers["cache-control"] = "no-store"
    return answer
