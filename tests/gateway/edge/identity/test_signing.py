"""What a subgraph is told of who calls."""

from __future__ import annotations

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner

_NOW = 1_800_000_017.0
_KEY = Ed25519PrivateKey.generate()


def test_an_identity_is_for_one_subgraph_and_at_most_a_minute() -> None:
    signer = IdentitySigner(_KEY, "id", frozenset({"user", "shop"}), lambda: _NOW)
    caller = Caller("203.0.113.1", {"sub": "s", "sid": "t", "roles": ["member"]})
    signed = signer.headers(caller, "user", "query")["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(signed, _KEY.public_key(), ["EdDSA"], audience="user", options={"verify_exp": False})
    expiry = claims.pop("exp")
    assert claims == {
        "iss": "lets-connect-gateway",
        "aud": "user",
        "sub": "s",
        "sid": "t",
        "roles": ["member"],
    }
    assert expiry % 30 == 0
    assert 0 < expiry - _NOW <= 60
    assert jwt.get_unverified_header(signed)["typ"] == "identity+jwt"
    assert signer.headers(caller, "user", "query") == {"authorization": f"Bearer {signed}"}
    assert signer.headers(caller, "elsewhere", "query") == {}


def test_only_mutations_are_told_the_address() -> None:
    signer = IdentitySigner(_KEY, "id", frozenset({"user"}), lambda: _NOW)
    told = {
        kind: jwt.decode(
            signer.headers(Caller("203.0.113.1"), "user", kind)["authorization"].removeprefix("Bearer "),
            options={"verify_signature": False},
        ).get("addr")
        for kind in ("query", "mutation", "subscription")
    }
    assert told == {"query": None, "mutation": "203.0.113.1", "subscription": None}
