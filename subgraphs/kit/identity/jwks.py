"""Public keys from where another service publishes them (`/.well-known/jwks.json`)."""

from __future__ import annotations

import asyncio
import logging
import time
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from subgraphs.kit.errors import Unavailable
from subgraphs.kit.identity.keys import StaticKeys

__all__ = ["RemoteKeys"]

_log = logging.getLogger(__name__)
_FRESH = 300.0
_LEAST_PAUSE = 5.0
"""Between two fetches, however many unknown ``kid`` are asked for."""
_MOST_BYTES = 1 << 20


class RemoteKeys:
    """Fetched when first needed, again after five minutes or for a ``kid`` not seen yet."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: StaticKeys | None = None
        self._fetched = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, kid: str) -> Ed25519PublicKey | None:
        """Raises Unavailable where no keys could be had yet."""
        found = await self._keys.key(kid) if self._keys else None
        age = time.monotonic() - self._fetched
        if found is None or age > _FRESH:
            async with self._fetching:
                if time.monotonic() - self._fetched > (_LEAST_PAUSE if found is None else _FRESH):
                    await self._fetch()
            if self._keys is None:
                raise Unavailable("service that publishes the keys")
            found = await self._keys.key(kid)
        return found

    async def _fetch(self) -> None:
        self._fetched = time.monotonic()
        try:
            self._keys = StaticKeys.from_jwks(await asyncio.to_thread(self._read))
        except (OSError, ValueError, KeyError) as error:
            _log.warning("the keys at %s could not be fetched: %s", self._url, error)

    def _read(self) -> bytes:
        if not self._url.startswith(("http://", "https://")):
            raise ValueError("keys are fetched by http or https")
        with urllib.request.urlopen(self._url, timeout=5) as answer:  # noqa: S310 - checked above
            body: bytes = answer.read(_MOST_BYTES)
            return body
