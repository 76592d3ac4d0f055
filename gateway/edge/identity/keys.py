"""Public keys of those who sign access tokens: given, or fetched from where they are published."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

__all__ = ["KeysAway", "PublicKeys", "PublishedKeys", "read_jwks"]

_log = logging.getLogger(__name__)
_FRESH, _PAUSE = 300.0, 5.0


class KeysAway(Exception):
    """No keys could be had."""


class PublicKeys(Protocol):
    """Keys by ``kid``."""

    async def key(self, kid: str) -> Ed25519PublicKey | None:
        """The key, or None where it is not known. Raises KeysAway."""
        ...


def read_jwks(document: bytes | str | Mapping[str, Any]) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a JWKS; raises ValueError on what is none."""
    jwks = document if isinstance(document, Mapping) else json.loads(document)
    if not isinstance(jwks, Mapping) or not isinstance(jwks.get("keys"), list):
        raise ValueError('a JWKS is an object with a list "keys"')
    found = {}
    for key in jwks["keys"]:
        if key.get("crv") == "Ed25519" and "kid" in key:
            public = jwt.PyJWK(key, "EdDSA").key
            if isinstance(public, Ed25519PublicKey):
                found[str(key["kid"])] = public
    return found


class PublishedKeys:
    """Fetched when first needed, then every five minutes, and (not too often) for a ``kid`` not yet seen."""

    def __init__(self, fetch: Callable[[], Awaitable[bytes]]) -> None:
        self._fetch = fetch
        self._keys: dict[str, Ed25519PublicKey] | None = None
        self._fetched = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, kid: str) -> Ed25519PublicKey | None:
        known = kid in (self._keys or {})
        if self._is_due(known) or (not known and self._fetching.locked()):
            async with self._fetching:
                if self._is_due(known):
                    await self._refresh()
        if self._keys is None:
            raise KeysAway
        return self._keys.get(kid)

    def _is_due(self, known: bool) -> bool:
        return time.monotonic() - self._fetched > (_FRESH if known else _PAUSE)

    async def _refresh(self) -> None:
        self._fetched = time.monotonic()
        try:
            self._keys = read_jwks(await self._fetch())
        except Exception as error:
            _log.warning("the keys that verify access tokens could not be fetched: %s", error)
