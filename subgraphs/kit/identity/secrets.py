"""One key per purpose, derived from SECRET_KEY (HKDF, RFC 5869), and short MACs (keyed BLAKE2b, RFC 7693) made with them."""

from __future__ import annotations

import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["Sealer", "derive_key"]

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_STANDARD = bytes.maketrans(b"-_", b"+/")


def derive_key(secret: bytes, purpose: str) -> bytes:
    """32 bytes for this purpose alone."""
    return HKDF(SHA256(), 32, salt=None, info=f"lets-connect/{purpose}".encode()).derive(secret)


class Sealer:
    """Texts that come back from clients unaltered or not at all: cursors, view grants.

    Sealed is not secret: the text can be read, only not changed.
    """

    _MAC_BYTES = 12

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._keyed = hashlib.blake2b(key=derive_key(secret, purpose), digest_size=self._MAC_BYTES)
        """Has taken in the key, and is copied for each text: that is most of what a short one costs."""

    def seal(self, text: str, context: str = "") -> str:
        """``text`` with its MAC, URL-safe. It opens only under the same ``context``."""
        raw = text.encode()
        encoded = binascii.b2a_base64(self._mac(raw, context) + raw, newline=False)
        return encoded.translate(_URL_SAFE).rstrip(b"=").decode()

    def open(self, sealed: str, context: str = "") -> str | None:
        """The text, or None where it was altered, or sealed in another context."""
        try:
            encoded = sealed.encode("ascii").translate(_STANDARD) + b"=" * (-len(sealed) % 4)
            raw = binascii.a2b_base64(encoded)
            mac, text = raw[: self._MAC_BYTES], raw[self._MAC_BYTES :]
            return text.decode() if hmac.compare_digest(mac, self._mac(text, context)) else None
        except ValueError:
            return None

    def _mac(self, raw: bytes, context: str) -> bytes:
        mac = self._keyed.copy()
        mac.update(b"%b\0%b" % (context.encode(), raw))
        return mac.digest()
