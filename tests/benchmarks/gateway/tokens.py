"""An access token for the load, and the key that verifies it."""

from __future__ import annotations

import json
import time

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

__all__ = ["AUDIENCE", "ISSUER", "issue"]

ISSUER, AUDIENCE = "https://issuer.example", "gateway"
_HOURS = 6


def issue() -> tuple[bytes, str]:
    """A JWKS, and a token that holds for hours."""
    key = Ed25519PrivateKey.generate()
    public = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "one"}
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "someone", "exp": int(time.time()) + _HOURS * 3600}
    token = jwt.encode(claims, key, "EdDSA", headers={"kid": "one", "typ": "at+jwt"})
    return json.dumps({"keys": [public]}).encode(), token
