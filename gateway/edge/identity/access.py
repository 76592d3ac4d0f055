"""Access tokens verified. A wrong one is an error, never an anonymous caller."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.caller import Caller
from gateway.edge.identity.keys import KeysAway, PublicKeys

__all__ = ["Access", "TokenRules"]

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What an access token must say."""

    issuer: str
    audience: str
    type: str = "at+jwt"


class Access:
    """Verifies access tokens, remembering those that held until they expire."""

    def __init__(
        self, keys: PublicKeys | None, rules: TokenRules, now: Callable[[], float] = time.time
    ) -> None:
        self._keys = keys
        self._rules = rules
        self._now = now
        self._seen: OrderedDict[bytes, Mapping[str, Any]] = OrderedDict()

    async def caller(self, authorization: str | None, address: str) -> Caller:
        """The caller. Raises RequestRefused (401) for a token that does not hold, 503 where no key can be had."""
        if authorization is None or self._keys is None:
            return Caller(address)
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise _unauthenticated("The Authorization header is not a bearer token.")
        digest = hashlib.sha256(token.encode()).digest()  # a token lies in no cache
        seen = self._seen.get(digest)
        if seen is None:
            seen = await self._verified(token, self._keys)
            self._seen[digest] = seen
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        if seen["exp"] <= self._now():
            self._seen.pop(digest, None)
            raise _unauthenticated("The access token has expired.")
        return Caller(address, seen)

    def seconds_left(self, caller: Caller) -> float | None:
        """Until the caller's token expires; None for an anonymous caller."""
        return None if caller.anonymous else max(0.0, caller.claims["exp"] - self._now())

    async def _verified(self, token: str, keys: PublicKeys) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != self._rules.type or header.get("alg") != "EdDSA":
                raise _unauthenticated("The token is not an access token.")
            key = await keys.key(str(header.get("kid")))
            if key is None:
                raise _unauthenticated("The access token is signed with an unknown key.")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=self._rules.audience,
                issuer=self._rules.issuer,
                options={
                    "require": ["exp", "sub", "iss", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
        except jwt.InvalidTokenError as error:
            raise _unauthenticated("The access token is not valid.") from error
        except KeysAway as error:
            message = "Access tokens cannot be verified just now."
            raise RequestRefused(503, "SERVICE_UNAVAILABLE", message, {"retry-after": "5"}) from error
        return claims


def _unauthenticated(message: str) -> RequestRefused:
    return RequestRefused(
        401, "UNAUTHENTICATED", message, {"www-authenticate": 'Bearer error="invalid_token"'}
    )
