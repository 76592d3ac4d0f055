"""A domain's doors beside GraphQL: routes, and before them paths so busy that no router stands before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Doors", "SwiftRoute"]


@dataclass(frozen=True, slots=True)
class SwiftRoute:
    """What metrics and spans read of a request's route."""

    path: str


class Doors:
    """By prefix first, then by route. An application behind a prefix judges path and method itself, and sets
    ``scope["route"]``."""

    def __init__(self, routes: Sequence[BaseRoute], swift: Mapping[str, ASGIApp]) -> None:
        self._swift = tuple(swift.items())
        self._routes = Starlette(routes=routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            for prefix, app in self._swift:
                if path.startswith(prefix):
                    return await app(scope, receive, send)
        return await self._routes(scope, receive, send)
