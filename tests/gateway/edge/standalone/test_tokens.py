"""The gateway alone verifies access tokens by keys that are published somewhere."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from gateway.config import ConfigError, GatewaySettings
from gateway.edge.errors import RequestRefused
from gateway.edge.standalone.tokens import configured_access
from tests.gateway.transport.serving import Peer, answer, read_request, serving

_KEY = Ed25519PrivateKey.generate()


async def _publish(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await read_request(peer, reader)
        key = OKPAlgorithm.to_jwk(_KEY.public_key(), as_dict=True) | {"kid": "one"}
        writer.write(answer(json.dumps({"keys": [key]}).encode()))


def _settings(url: str, **more: Any) -> GatewaySettings:
    return GatewaySettings(token_jwks_url=url, token_issuer="i", token_audience="a", **more)


def _bearer(key: Ed25519PrivateKey) -> str:
    payload = {"iss": "i", "aud": "a", "sub": "s", "exp": int(time.time()) + 60}
    return "Bearer " + jwt.encode(payload, key, "EdDSA", headers={"kid": "one", "typ": "at+jwt"})


async def test_a_token_is_verified_by_the_keys_that_are_published() -> None:
    async with serving(_publish) as peer:
        access = configured_access(_settings(peer.url))
        caller = await access.caller(_bearer(_KEY), "203.0.113.1")
        assert caller.claims["sub"] == "s"
        with pytest.raises(RequestRefused) as refused:
            await access.caller(_bearer(Ed25519PrivateKey.generate()), "203.0.113.1")
    assert refused.value.code == "UNAUTHENTICATED"


async def test_without_published_keys_everybody_is_anonymous() -> None:
    assert (await configured_access(GatewaySettings()).caller(_bearer(_KEY), "203.0.113.1")).anonymous


async def test_keys_that_cannot_be_had_are_not_the_token_s_fault() -> None:
    access = configured_access(_settings("http://127.0.0.1:1/keys"))
    with pytest.raises(RequestRefused) as refused:
        await access.caller(_bearer(_KEY), "203.0.113.1")
    assert (refused.value.status, refused.value.code) == (503, "SERVICE_UNAVAILABLE")


@pytest.mark.parametrize(
    "settings",
    [_settings("ftp://keys"), GatewaySettings(token_jwks_url="http://keys"), _settings("keys.json")],
)
def test_what_cannot_verify_tokens_is_said_at_the_start(settings: GatewaySettings) -> None:
    with pytest.raises(ConfigError, match="token_jwks_url"):
        configured_access(settings)
