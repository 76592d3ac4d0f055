"""What a subgraph is told of who calls: an identity for it alone, signed.

It is at most a minute long, and signed with another key than access tokens (RFC 8725, 3.11 and 3.12).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.edge.identity.caller import Caller
from gateway.planning.plan import OperationKind

__all__ = ["IdentitySigner"]

_WINDOW = 30
_REMEMBERED = 10_000


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
