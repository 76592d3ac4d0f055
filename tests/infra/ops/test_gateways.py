"""Several gateways are one on the operators' page, whichever of them shows it: here two real processes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.composition import compose_from_sdls
from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner
from infra.keys import development_signing_key
from infra.ops.gateways import Gateways
from subgraphs.kit.identity.keys import SigningKey
from tests.ports import free_ports

_ROOT = Path(__file__).resolve().parents[3]
_SLOW = 1.0
_TRACE = "0af7651916cd43dd8448eb211c80319c"
_QUERY = """query ($given: OpsInput) { ops(given: $given) {
  away services { name rate } operations { key rate p95 } slowest { key seconds traceId steps { subgraph requests } }
  caches { name asked } traces { id name } trace { spans { name service } } } }"""


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A service whose ``slow`` takes its time, and which knows nothing of operators."""
    while head := await _head(reader):
        length = int((head.split(b"content-length: ")[1:] or [b"0"])[0].split(b"\r\n")[0])
        body = (await reader.readexactly(length)).decode()
        name = "slow" if "slow" in body else "swift"
        await asyncio.sleep(_SLOW if name == "slow" and head.startswith(b"POST /graphql") else 0)
        told = json.dumps({"data": {name: 1}}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(told) + told)
    writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).lower().replace(b"post", b"POST", 1)
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


@asynccontextmanager
async def _gateway(home: Path, port: int, behind: int, beside: Sequence[int]) -> AsyncIterator[str]:
    """One process, in front of the service at ``behind``."""
    url = f"http://127.0.0.1:{behind}/graphql"
    composed = compose_from_sdls([("shop", url, "type Query { slow: Int swift: Int }")])
    (home / "supergraph.graphql").write_text(composed.supergraph_sdl)
    given = {name: value for name, value in os.environ.items() if not name.startswith("LETS_CONNECT_")}
    given |= {
        "LETS_CONNECT_HOME": str(home),
        "LETS_CONNECT_SUPERGRAPH": str(home / "supergraph.graphql"),
        "LETS_CONNECT_SUBGRAPH_URL_SHOP": url,
        "LETS_CONNECT_OPS_SECONDS": "0.1",
        "LETS_CONNECT_OPS_GATEWAYS": ",".join(f"127.0.0.1:{each}" for each in beside),
        "LETS_CONNECT_GATEWAY_TRACE_PARENTS": "any",
        "LETS_CONNECT_GATEWAY_TRACE_SHARE": "0",  # what is kept is what the test chose, not one in a hundred
        "LETS_CONNECT_GATEWAY_TRACE_SLOW_SECONDS": "60",
    }
    command = [sys.executable, "-m", "infra", "up", "--gateway-only", "--port", str(port)]
    with (home.parent / f"{port}.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(*command, cwd=_ROOT, env=given, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient() as client:
            while True:
                assert process.returncode is None
                try:
                    await client.get(f"{base}/health/live")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield base
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 60)


def _operator(home: Path) -> dict[str, str]:
    key = SigningKey.from_pem(development_signing_key(home, "token"))
    claims = {
        "iss": "lets-connect",
        "aud": "lets-connect",
        "sub": "0b6c2c7a-5f0e-4f6f-9e0a-111111111111",
        "exp": int(time.time()) + 600,
        "roles": ["operator"],
    }
    token = jwt.encode(claims, key.private, "EdDSA", headers={"typ": "at+jwt", "kid": key.kid})
    return {"authorization": f"Bearer {token}"}


async def _ops(client: httpx.AsyncClient, base: str, home: Path, **given: Any) -> Any:
    asked = {"query": _QUERY, "variables": {"given": given}}
    answer = (await client.post(f"{base}/api/ops/graphql", json=asked, headers=_operator(home))).json()
    assert "errors" not in answer, answer
    return answer["data"]["ops"]


def _whole(page: Any) -> bool:
    """Whether all that was asked is in it: four Swift and one Slow.

    A rate is of what a gateway has counted as of its last look. One that has counted Slow and not yet its own Swift tells
    of a shorter time than the gateway that began before it, and so of a higher rate than that one's three.
    """
    rates = {row["key"]: row["rate"] for row in page["operations"]}
    asked = page["caches"] == [{"name": "plans", "asked": 5}]
    return bool(asked and rates.get("query Swift", 0.0) > rates.get("query Slow", 0.0) > 0.0)


async def test_what_went_through_any_gateway_is_on_the_page_of_each(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    first = free_ports(2)
    ports = [first, first + 1]
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(await asyncio.start_server(_answer, "127.0.0.1", 0))
        behind = service.sockets[0].getsockname()[1]
        one = await stack.enter_async_context(_gateway(home, ports[0], behind, ports))
        leaving = await stack.enter_async_context(AsyncExitStack())
        other = await leaving.enter_async_context(_gateway(home, ports[1], behind, ports))
        client = await stack.enter_async_context(httpx.AsyncClient())
        swift, slow = {"query": "query Swift { swift }"}, {"query": "query Slow { slow }"}
        for _ in range(3):
            assert (await client.post(f"{one}/graphql", json=swift)).json() == {"data": {"swift": 1}}
        parent = {"traceparent": f"00-{_TRACE}-b7ad6b7169203331-01"}
        await client.post(f"{other}/graphql", json=slow, headers=parent)
        await client.post(f"{other}/graphql", json=swift)
        async with asyncio.timeout(60):
            while not all(map(_whole, told := [await _ops(client, base, home) for base in (one, other)])):
                pass
        for page in told:
            assert page["away"] == ["shop"]  # it has no part to tell
            assert [row["key"] for row in page["operations"]] == ["query Slow", "query Swift"]
            assert page["slowest"]["key"] == "query Slow"
            assert page["slowest"]["seconds"] > _SLOW * 0.95
            assert page["operations"][0]["p95"] == pytest.approx(page["slowest"]["seconds"], rel=0.05)
            assert page["slowest"]["traceId"] == _TRACE
            assert page["slowest"]["steps"] == [{"subgraph": "shop", "requests": 1}]
            assert page["traces"] == [{"id": _TRACE, "name": "query Slow"}]
            assert {"POST /graphql", "graphql.execute"} <= {span["name"] for span in page["trace"]["spans"]}
            assert page["caches"] == [{"name": "plans", "asked": 5}]
            assert [service["name"] for service in page["services"]] == ["shop"]
        named = await _ops(client, one, home, operation="query Swift")
        assert named["slowest"]["key"] == "query Swift"
        for path in ("overview", "part"):  # an access token is no identity
            refused = await client.post(f"{one}/api/ops/{path}", json={}, headers=_operator(home))
            assert refused.status_code == 401
        await leaving.aclose()
        assert "/api/ops/part 200" not in (tmp_path / f"{ports[0]}.log").read_text()
        alone = await _ops(client, one, home)
        assert alone["away"] == ["gateway (1 of 2)", "shop"]
        assert [row["key"] for row in alone["operations"]] == ["query Swift"]


async def test_a_gateway_that_is_told_of_no_other_asks_nobody() -> None:
    async def find(host: str, port: int) -> Sequence[str]:
        raise AssertionError(host)

    signer = IdentitySigner(Ed25519PrivateKey.generate(), "key", frozenset({"gateway"}))
    gateways = Gateways(signer, find=find)
    assert await gateways.overviews(Caller("")) == {}
