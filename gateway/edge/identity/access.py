"""Who calls: access tokens verified, and identities signed for each subgraph.

A wrong token is an error, never an anonymous caller. An identity is for one subgraph, at most a minute
long, and signed with another key than access tokens (RFC 8725, 3.11 and 3.12).
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.keys import KeysAway, PublicKeys
from gateway.planning.plan import OperationKind

__all__ = ["Access", "Caller", "IdentitySigner", "TokenRules"]

_WINDOW = 30
_REMEMBERED = 10_000


class Caller(Struct, frozen=True):
    """One client of one request."""

    address: str
    claims: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """Of the verified access token; empty for an anonymous caller."""

    @property
    def anonymous(self) -> bool:
        return "sub" not in self.claims


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


class IdentitySigner:
    """Signs what a subgraph believes of a caller; one signature a token, subgraph and window."""

    def __init__(
        self,
        key: Ed25519PrivateKey,
        kid: str,
        subgraphs: frozenset[str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._key = key
        self._kid = kid
        self._subgraphs = subgraphs
        self._now = now
        self._signed: dict[tuple[Any, ...], str] = {}
        self._window = 0

    def headers(self, caller: Caller, subgraph: str, kind: OperationKind) -> dict[str, str]:
        """The ``authorization`` header for a fetch; none for a subgraph that is not ours.

        Expiries are rounded up to the next window, so that equal requests stay equal. The address is told to
        mutations alone: limits need it, and reads of different callers may be shared.
        """
        if subgraph not in self._subgraphs:
            return {}
        window = int(self._now()) // _WINDOW
        if window != self._window:
            self._window, self._signed = window, {}
        address = caller.address if kind == "mutation" else None
        claims = caller.claims
        key = (subgraph, claims.get("sub"), claims.get("sid"), tuple(claims.get("roles", ())), address)
        signed = self._signed.get(key)
        if signed is None:
            if len(self._signed) > _REMEMBERED:
                self._signed.clear()
            signed = self._signed[key] = self._sign(caller, subgraph, address, window)
        return {"authorization": signed}

    def _sign(self, caller: Caller, subgraph: str, address: str | None, window: int) -> str:
        payload: dict[str, Any] = {
            "iss": "lets-connect-gateway",
            "aud": subgraph,
            "exp": (window + 2) * _WINDOW,
        }
        for name in ("sub", "sid", "roles"):
            if name in caller.claims:
                payload[name] = caller.claims[name]
        if address is not None:
            payload["addr"] = address
        headers = {"typ": "identity+jwt", "kid": self._kid}
        return "Bearer " + jwt.encode(payload, self._key, "EdDSA", headers=headers)


def _unauthenticated(message: str) -> RequestRefused:
    return RequestRefused(
        401, "UNAUTHENTICATED", message, {"www-authenticate": 'Bearer error="invalid_token"'}
    )
