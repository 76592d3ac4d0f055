"""One key per purpose, derived from SECRET_KEY (HKDF, RFC 5869), and short HMACs made with them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["Sealer", "derive_key"]


def derive_key(secret: bytes, purpose: str) -> bytes:
    """32 bytes for this purpose alone."""
    return HKDF(SHA256(), 32, salt=None, info=f"lets-connect/{purpose}".encode()).derive(secret)


class Sealer:
    """Texts that come back from clients unaltered or not at all: cursors, view grants.

    Sealed is not secret: the text can be read, only not changed.
    """

    _MAC_BYTES = 12

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = derive_key(secret, purpose)

    def seal(self, text: str, context: str = "") -> str:
        """``text`` with its MAC, URL-safe. It opens only under the same ``context``."""
        raw = text.encode()
        return base64.urlsafe_b64encode(self._mac(raw, context) + raw).rstrip(b"=").decode()

    def open(self, sealed: str, context: str = "") -> str | None:
        """The text, or None where it was altered, or sealed in another context."""
        try:
            raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            mac, text = raw[: self._MAC_BYTES], raw[self._MAC_BYTES :]
            return text.decode() if hmac.compare_digest(mac, self._mac(text, context)) else None
        except ValueError:
            return None

    def _mac(self, raw: bytes, context: str) -> bytes:
        message = context.encode() + b"\0" + raw
        return hmac.digest(self._key, message, hashlib.sha256)[: self._MAC_BYTES]
