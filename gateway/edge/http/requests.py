"""A request whose headers are looked up, and not searched for: each is asked for several of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope

__all__ = ["EdgeRequest"]


class EdgeRequest(Request):
    """Starlette's request."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope, receive)
        self._found = _Headers(scope=scope)

    @property
    def headers(self) -> Headers:
        """All of them; names in any case."""
        return self._found


class _Headers(Headers):
    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._first = dict(reversed(self.raw))

    def get(self, key: str, default: Any = None) -> Any:
        value = self._first.get(_written(key))
        return default if value is None else value.decode("latin-1")


@lru_cache(maxsize=256)
def _written(name: str) -> bytes:
    """A name as it is in a scope; those that are asked for are few."""
    return name.lower().encode("latin-1")
