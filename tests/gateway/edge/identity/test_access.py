"""Who calls, and what a subgraph is told of it."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.access import Access, Caller, IdentitySigner, TokenRules
from gateway.edge.identity.keys import PublishedKeys, read_jwks

_NOW = 1_800_000_017.0
_KEY, _OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


class _Keys:
    async def key(self, kid: str) -> Ed25519PublicKey | None:
        return _KEY.public_key() if kid == "one" else None


def _token(key: Ed25519PrivateKey = _KEY, kid: str = "one", typ: str = "at+jwt", **claims: Any) -> str:
    payload = {"iss": "i", "aud": "a", "sub": "s", "exp": int(_NOW) + 60, "roles": ["member"], **claims}
    return "Bearer " + jwt.encode(payload, key, "EdDSA", headers={"kid": kid, "typ": typ})


def _access(now: float = _NOW) -> Access:
    return Access(_Keys(), TokenRules("i", "a"), lambda: now)


async def test_a_token_that_holds_names_the_caller() -> None:
    caller = await _access().caller(_token(), "203.0.113.1")
    assert (caller.claims["sub"], caller.anonymous, caller.address) == ("s", False, "203.0.113.1")
    assert (await _access().caller(None, "203.0.113.1")).anonymous


_WRONG = {
    "nonsense": "Bearer nonsense",
    "another scheme": "Basic dTpw",
    "another key": _token(_OTHER),
    "an unknown key": _token(kid="two"),
    "an identity": _token(typ="identity+jwt"),
    "another audience": _token(aud="b"),
    "another issuer": _token(iss="b"),
    "an expired one": _token(exp=int(_NOW) - 1),
    "an unsigned one": "Bearer " + jwt.encode({"sub": "s"}, "", "none", headers={"typ": "at+jwt"}),
}


@pytest.mark.parametrize("token", _WRONG.values(), ids=_WRONG.keys())
async def test_a_token_that_does_not_hold_is_an_error_and_never_anonymous(token: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        await _access().caller(token, "203.0.113.1")
    assert (refused.value.status, refused.value.code) == (401, "UNAUTHENTICATED")


async def test_a_token_is_remembered_only_until_it_expires() -> None:
    moment = [_NOW]
    access = Access(_Keys(), TokenRules("i", "a"), lambda: moment[0])
    token = _token()
    await access.caller(token, "x")
    moment[0] = _NOW + 61
    with pytest.raises(RequestRefused):
        await access.caller(token, "x")


async def test_keys_that_cannot_be_fetched_are_503_and_not_401() -> None:
    async def away() -> bytes:
        raise OSError("refused")

    with pytest.raises(RequestRefused) as refused:
        await Access(PublishedKeys(away), TokenRules("i", "a"), lambda: _NOW).caller(_token(), "x")
    assert refused.value.status == 503


async def test_published_keys_are_fetched_once() -> None:
    fetched = []
    x = base64.urlsafe_b64encode(_KEY.public_key().public_bytes_raw()).rstrip(b"=").decode()
    document = json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "one"}]}).encode()

    async def fetch() -> bytes:
        fetched.append(1)
        await asyncio.sleep(0)
        return document

    keys = PublishedKeys(fetch)
    # Who comes while they are fetched waits for them.
    assert None not in await asyncio.gather(*(keys.key("one") for _ in range(3)))
    assert [await keys.key("two") for _ in range(3)] == [None] * 3
    assert len(fetched) == 1
    assert list(read_jwks(document)) == ["one"]


def test_an_identity_is_for_one_subgraph_and_at_most_a_minute() -> None:
    signer = IdentitySigner(_OTHER, "id", frozenset({"user", "shop"}), lambda: _NOW)
    caller = Caller("203.0.113.1", {"sub": "s", "sid": "t", "roles": ["member"]})
    signed = signer.headers(caller, "user", "query")["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(
        signed, _OTHER.public_key(), ["EdDSA"], audience="user", options={"verify_exp": False}
    )
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
    signer = IdentitySigner(_OTHER, "id", frozenset({"user"}), lambda: _NOW)
    told = {
        kind: jwt.decode(
            signer.headers(Caller("203.0.113.1"), "user", kind)["authorization"].removeprefix("Bearer "),
            options={"verify_signature": False},
        ).get("addr")
        for kind in ("query", "mutation", "subscription")
    }
    assert told == {"query": None, "mutation": "203.0.113.1", "subscription": None}
