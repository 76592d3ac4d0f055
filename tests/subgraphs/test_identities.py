"""Every subgraph believes the gateway's signed identity, and nothing else."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from infra.domains import DOMAINS
from infra.subgraphs import load_domain
from subgraphs.kit.identity.keys import SigningKey
from subgraphs.kit.serving.app import create_app
from tests.subgraphs.harness import (
    IDENTITY_KEY,
    METRICS,
    Harness,
    access_token,
    new_pem,
    open_harness,
    settings_for,
    sign,
)


@pytest.fixture(scope="module", params=DOMAINS)
async def running(
    request: pytest.FixtureRequest,
    database_url: Callable[[str], str],
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Harness]:
    name: str = request.param
    folder: Path = tmp_path_factory.mktemp(name)
    async with open_harness(
        load_domain(name), settings_for(database_url(name), redis_url, folder)
    ) as harness:
        yield harness


def _forged(name: str) -> dict[str, str | None]:
    now = datetime.now(UTC)
    stranger = SigningKey.from_pem(new_pem())
    good = sign(name, uuid4())
    head, payload, signature = good.removeprefix("Bearer ").split(".")
    unsigned = jwt.encode(
        {"aud": name, "iss": "lets-connect-gateway", "exp": now + timedelta(seconds=30)}, "", "none"
    )
    known = SigningKey(stranger.private, IDENTITY_KEY.kid)
    return {
        "none at all": None,
        "no bearer": "Basic dTpw",
        "nonsense": "Bearer nonsense",
        "an unknown key": sign(name, uuid4(), key=stranger),
        "another key under a known name": sign(name, uuid4(), key=known),
        "an expired one": sign(name, uuid4(), exp=now - timedelta(seconds=1)),
        "one that lasts too long": sign(name, uuid4(), exp=now + timedelta(minutes=10)),
        "one for another subgraph": sign("nobody", uuid4()),
        "one of another issuer": sign(name, uuid4(), iss="somebody"),
        "another kind of token": sign(name, uuid4(), typ="at+jwt"),
        "a client's access token": access_token(uuid4()),
        "an altered one": f"Bearer {head}.{payload[:-2]}AA.{signature}",
        "an unsigned one": f"Bearer {unsigned}",
        "a subject that is no id": sign(name, sub="root"),
    }


async def test_nothing_but_the_gateways_identity_is_taken(running: Harness) -> None:
    name = running.service.domain.name
    app = create_app(running.service, METRICS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://subgraph") as client:
        answers: dict[str, Any] = {}
        for what, header in _forged(name).items():
            headers = {"authorization": header} if header else {}
            for query in ("{ __typename }", "{ _service { sdl } }"):
                answer = await client.post("/graphql", json={"query": query}, headers=headers)
                answers[what] = (answer.status_code, answer.json()["errors"][0]["extensions"])
        assert set(map(str, answers.values())) == {str((401, {"code": "UNAUTHENTICATED"}))}
        for viewer in (uuid4(), None):
            headers = {"authorization": sign(name, viewer)}
            answer = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
            assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})


async def test_health_and_metrics_need_no_identity(running: Harness) -> None:
    app = create_app(running.service, METRICS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://subgraph") as client:
        for path in ("/health", "/health/live", "/health/ready"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["status"]) == (200, "ok")
        assert "graphql_resolver_duration_seconds" in (await client.get("/metrics")).text


async def test_a_gateway_that_asks_for_a_trace_finds_it_beside_the_data(running: Harness) -> None:
    headers = {"authorization": sign(running.service.domain.name)}
    asked = {**headers, "apollo-federation-include-trace": "ftv1"}
    answers = [await running.service.execute("{ _service { sdl } }", {}, None, h) for h in (headers, asked)]
    trace = base64.b64decode(answers[1].pop("extensions")["ftv1"])
    assert all(name in trace for name in (b"_service", b"_Service!", b"sdl", b"String!"))
    assert answers[0] == answers[1]
