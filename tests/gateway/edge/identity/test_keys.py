"""The keys that verify access tokens, fetched from where they are published."""

from __future__ import annotations

import asyncio
import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.edge.identity.keys import PublishedKeys, read_jwks


async def test_published_keys_are_fetched_once() -> None:
    fetched = []
    key = Ed25519PrivateKey.generate()
    x = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode()
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
