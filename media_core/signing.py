"""Addresses that stop working: HMAC-SHA256 over what is asked for, its version and an expiry."""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["MAX_LIFE", "WINDOW", "Resource", "Signature", "Signer"]

WINDOW = 150
MAX_LIFE = 2 * WINDOW
"""Seconds. An expiry is the end of the next window, so it is one to two windows away and equal for equal requests."""

_CONTEXT = "lets-connect image address 2"
_NO_KEY = bytes(32)


@dataclass(frozen=True, slots=True)
class Resource:
    """What an address stands for: an object's id, which rendition (``large.webp``), the version hash, and
    for whom it was made (``reader``: any text, empty for no one in particular)."""

    id: str
    rendition: str
    version: str
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """The three values an address carries."""

    expires: int
    key_id: str
    value: str


class Signer:
    """Signs with the current key and takes any of the keys, so that one can be replaced without a gap."""

    def __init__(
        self, keys: Mapping[str, bytes], current: str, *, now: Callable[[], float] = time.time
    ) -> None:
        if current not in keys or any(len(key) < 32 for key in keys.values()):
            raise ValueError("the current key must be among the keys, each of at least 32 bytes")
        self._keys = dict(keys)
        self._current = current
        self._now = now

    def sign(self, resource: Resource) -> Signature:
        """Good for at least :data:`WINDOW` seconds and at most :data:`MAX_LIFE`."""
        expires = (int(self._now()) // WINDOW + 2) * WINDOW
        value = _mac(self._keys[self._current], resource, expires, self._current)
        return Signature(expires, self._current, value)

    def verify(self, resource: Resource, signature: Signature) -> bool:
        """Whether we signed exactly this and it has not run out."""
        key = self._keys.get(signature.key_id)
        expected = _mac(key or _NO_KEY, resource, signature.expires, signature.key_id)
        genuine = hmac.compare_digest(expected.encode(), signature.value.encode("utf-8", "replace"))
        now = self._now()
        return genuine and key is not None and now < signature.expires <= now + MAX_LIFE


def _mac(key: bytes, resource: Resource, expires: int, key_id: str) -> str:
    """Each part with its length before it, so that no two resources are signed as the same bytes."""
    parts = (
        _CONTEXT,
        key_id,
        resource.id,
        resource.rendition,
        resource.version,
        resource.reader,
        str(expires),
    )
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=").decode("ascii")
