"""What a caller has been granted, read off the claims of the verified token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.config import GatewaySettings
from gateway.edge.identity.caller import Caller
from gateway.supergraph import Granted

__all__ = ["granted_to"]

_ANYBODY = Granted()


def granted_to(caller: Caller, settings: GatewaySettings) -> Granted:
    """Scopes and policies, each a list or a text with spaces; nothing for an anonymous caller."""
    if caller.anonymous:
        return _ANYBODY
    return Granted(
        authenticated=True,
        scopes=_names(caller.claims, settings.scope_claim),
        policies=_names(caller.claims, settings.policy_claim),
    )


def _names(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    given = claims.get(claim)
    if isinstance(given, str):
        return frozenset(given.split())
    return frozenset(one for one in given if isinstance(one, str)) if isinstance(given, list) else frozenset()
