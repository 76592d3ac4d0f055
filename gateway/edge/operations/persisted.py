"""Automatic persisted queries: a hash instead of a text that was sent before."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from gateway.edge.errors import RequestRefused
from gateway.edge.operations.parameters import Parameters

__all__ = ["PersistedQueries"]


class PersistedQueries:
    """Texts by their SHA-256, bounded by bytes; the least recently used go first."""

    def __init__(self, limit: int = 8 * 1024 * 1024) -> None:
        self._limit = limit
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._held = 0

    def text(self, parameters: Parameters) -> str:
        """The document's text. Raises RequestRefused where the hash is not known, or not the text's."""
        persisted = parameters.extensions.get("persistedQuery")
        if not isinstance(persisted, dict):
            return parameters.query or ""
        digest = persisted.get("sha256Hash")
        if persisted.get("version") != 1 or not isinstance(digest, str):
            raise RequestRefused(400, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
        if parameters.query is None:
            text = self._texts.get(digest)
            if text is None:
                raise RequestRefused(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
            self._texts.move_to_end(digest)
            return text
        if hashlib.sha256(parameters.query.encode()).hexdigest() != digest:
            raise RequestRefused(400, "PERSISTED_QUERY_HASH_MISMATCH", "provided sha does not match query")
        self._remember(digest, parameters.query)
        return parameters.query

    def _remember(self, digest: str, text: str) -> None:
        if digest in self._texts or len(text) > self._limit // 64:
            return
        self._texts[digest] = text
        self._held += len(text)
        while self._held > self._limit:
            self._held -= len(self._texts.popitem(last=False)[1])
