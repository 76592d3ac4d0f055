"""A request whose headers are looked up, and not searched for: each is asked for several of them."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope

__all__ = ["HEADERS", "EdgeRequest", "FoundHeaders"]

HEADERS: Final = "headers"
"""In the state of a request's scope: its headers as ``FoundHeaders``, where the server has them from a request before."""


class FoundHeaders(Headers):
    """Starlette's headers, not to be changed; what is asked for once is found at once the next time."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        self._first = dict(reversed(raw))
        self._asked: dict[str, str | None] = {}
        """Names that the code asks for, as it writes them."""
        self._digests: dict[str, bytes] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """The first of that name, in any case."""
        try:
            value = self._asked[key]
        except KeyError:
            found = self._first.get(key.lower().encode("latin-1"))
            value = self._asked[key] = None if found is None else found.decode("latin-1")
        return default if value is None else value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def digest(self, key: str) -> bytes:
        """SHA-256 of the first of that name; of nothing where there is none."""
        known = self._digests.get(key)
        if known is None:
            known = self._digests[key] = hashlib.sha256(self.get(key, "").encode()).digest()
        return known


class EdgeRequest(Request):
    """Starlette's request."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope, receive)
        found = scope["state"].get(HEADERS) if "state" in scope else None
        raw = scope["headers"]
        # Whoever stands between us and the server may have given it other headers.
        self._found = found if found is not None and found.raw is raw else FoundHeaders(raw)

    @property
    def headers(self) -> FoundHeaders:
        """All of them; names in any case."""
        return self._found
