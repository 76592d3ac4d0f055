"""Who is asking: the gateway's signed identity, and nothing else, says so.

The identity is a JWT of at most 60 seconds for one subgraph (`typ: identity+jwt`, RFC 7519 and 8725).
Access tokens, which clients hold, are a different type with another key: neither passes for the other.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt

from subgraphs.kit.clock import Clock
from subgraphs.kit.errors import Unauthenticated
from subgraphs.kit.identity.keys import KeySource
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.uuids import DriversUUID

__all__ = ["TokenRules", "TokenVerifier", "access_token_rules", "identity_rules"]


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say to be taken."""

    type: str
    issuer: str
    audience: str
    lifetime: int
    """The most seconds between now and its expiry."""
    subject_required: bool


def identity_rules(service: str) -> TokenRules:
    """The gateway's word about a caller, for the subgraph ``service``."""
    return TokenRules("identity+jwt", "lets-connect-gateway", service, 60, subject_required=False)


def access_token_rules() -> TokenRules:
    """A client's own token, for the doors it reaches directly."""
    return TokenRules("at+jwt", "lets-connect", "lets-connect", 15 * 60 + 30, subject_required=True)


class TokenVerifier:
    """Verifies bearer tokens of one kind, remembering those that held until they expire."""

    _REMEMBERED = 4096

    def __init__(self, rules: TokenRules, keys: KeySource, clock: Clock) -> None:
        self._rules = rules
        self._keys = keys
        self._clock = clock
        self._seen: OrderedDict[str, tuple[float, Viewer]] = OrderedDict()

    async def viewer(self, authorization: str | None) -> Viewer:
        """The caller named by an ``Authorization`` header; raises Unauthenticated."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("A bearer token is needed, and none was sent.")
        now = self._clock.timestamp()
        if (seen := self._seen.get(token)) and seen[0] > now:
            return seen[1]
        claims = await self._claims(token.strip(), now)
        viewer = _viewer(claims)
        self._remember(token, claims["exp"], viewer)
        return viewer

    async def _claims(self, token: str, now: float) -> dict[str, Any]:
        rules = self._rules
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != rules.type or header.get("alg") != "EdDSA":
                raise Unauthenticated("The token is of another kind.")
            key = await self._keys.key(str(header.get("kid")))
            if key is None:
                raise Unauthenticated("The token is signed with an unknown key.")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=rules.audience,
                issuer=rules.issuer,
                options={
                    "require": ["exp", "iss", "aud", *(["sub"] if rules.subject_required else [])],
                    "verify_exp": False,  # against our own clock, below
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("The token is not valid.") from error
        if not now < float(claims["exp"]) <= now + rules.lifetime + 1:
            raise Unauthenticated("The token has expired.")
        return claims

    def _remember(self, token: str, expiry: float, viewer: Viewer) -> None:
        self._seen[token] = (expiry, viewer)
        if len(self._seen) > self._REMEMBERED:
            self._seen.popitem(last=False)


def _viewer(claims: dict[str, Any]) -> Viewer:
    try:
        return Viewer(
            id=DriversUUID(claims["sub"]) if "sub" in claims else None,
            roles=frozenset(claims.get("roles", ())),
            session=UUID(claims["sid"]) if "sid" in claims else None,
            address=claims.get("addr"),
        )
    except (ValueError, TypeError) as error:
        raise Unauthenticated("The token is not valid.") from error
