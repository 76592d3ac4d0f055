"""Access tokens (EdDSA JWTs, 15 minutes) and refresh tokens (random, stored as hashes)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from subgraphs.kit.identity.keys import SigningKey

__all__ = ["ACCESS_LIFETIME", "REFRESH_LIFETIME", "AccessTokens", "SessionTokens", "hash_token", "new_token"]

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """What a client holds of a session."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    """When the access token does."""


class AccessTokens:
    """Signs access tokens (RFC 9068's ``at+jwt``)."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def sign(self, user: UUID, role: str, session: UUID, now: datetime) -> tuple[str, datetime]:
        """The token and its expiry."""
        expiry = now + ACCESS_LIFETIME
        claims = {
            "iss": "lets-connect",
            "aud": "lets-connect",
            "sub": user.hex,
            "sid": session.hex,
            "roles": [role.lower()],
            "iat": int(now.timestamp()),
            "exp": int(expiry.timestamp()),
            "jti": secrets.token_hex(8),
        }
        headers = {"typ": "at+jwt", "kid": self._key.kid}
        return jwt.encode(claims, self._key.private, "EdDSA", headers=headers), expiry.replace(microsecond=0)


def new_token() -> str:
    """A refresh token: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """What is stored of it. The token is random, so a plain hash will do."""
    return hashlib.sha256(token.encode()).digest()
