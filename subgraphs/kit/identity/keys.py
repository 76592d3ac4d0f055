"""Ed25519 keys as JWKs: public sets to verify with, private keys to sign with (RFC 8037)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

__all__ = ["KeySource", "SigningKey", "StaticKeys", "jwks", "public_keys"]


class KeySource(Protocol):
    """Public keys by their ``kid``."""

    async def key(self, kid: str) -> Ed25519PublicKey | None:
        """The key, or None where it is not known."""
        ...


class StaticKeys:
    """A fixed set of public keys."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._keys = dict(keys)

    async def key(self, kid: str) -> Ed25519PublicKey | None:
        return self._keys.get(kid)

    @classmethod
    def from_jwks(cls, document: str | bytes | Mapping[str, Any]) -> StaticKeys:
        """Read a JWKS; keys of other kinds are left out. Raises ValueError on what is no JWKS."""
        jwks = document if isinstance(document, Mapping) else json.loads(document)
        keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
        if not isinstance(keys, list):
            raise ValueError('a JWKS is an object with a list "keys"')
        return cls({k["kid"]: _public_key(k["x"]) for k in keys if k.get("crv") == "Ed25519"})


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the ``kid`` it goes by: its RFC 7638 thumbprint."""

    private: Ed25519PrivateKey
    kid: str

    @classmethod
    def from_pem(cls, pem: bytes) -> SigningKey:
        """Read a PKCS#8 PEM. Raises ValueError where it is no Ed25519 key."""
        private = load_pem_private_key(pem, password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("an Ed25519 private key is needed (openssl genpkey -algorithm ed25519)")
        return cls(private, _thumbprint(private.public_key()))

    @classmethod
    def all_from_pem(cls, pems: bytes) -> list[SigningKey]:
        """Read one or several, one after another: the first signs, all are published, so that keys can be
        changed while both sides run. Raises ValueError."""
        blocks = [_PEM_BEGINS + block for block in pems.split(_PEM_BEGINS)[1:]]
        return [cls.from_pem(block) for block in blocks or [pems]]

    def public_keys(self) -> StaticKeys:
        """The public side, to verify with in the same process."""
        return public_keys([self])

    def jwk(self) -> dict[str, str]:
        """The public side, as one of a JWKS' keys."""
        public = {"kty": "OKP", "crv": "Ed25519", "x": _x(self.private.public_key())}
        return {**public, "kid": self.kid, "alg": "EdDSA", "use": "sig"}


_PEM_BEGINS = b"-----BEGIN"


def jwks(keys: Sequence[SigningKey]) -> dict[str, Any]:
    """The public sides, as ``/.well-known/jwks.json`` has them."""
    return {"keys": [key.jwk() for key in keys]}


def public_keys(keys: Sequence[SigningKey]) -> StaticKeys:
    """The public sides, to verify with in the same process."""
    return StaticKeys({key.kid: key.private.public_key() for key in keys})


def _x(key: Ed25519PublicKey) -> str:
    return _base64url(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _thumbprint(key: Ed25519PublicKey) -> str:
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{_x(key)}"}}'
    return _base64url(hashlib.sha256(canonical.encode()).digest())


def _public_key(x: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
