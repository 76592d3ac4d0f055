"""Access tokens: those that hold, and those that do not."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.access import Access, TokenRules
from gateway.edge.identity.keys import PublishedKeys

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
