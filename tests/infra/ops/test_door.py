"""The operators' page and its data are for operators alone, as long as their tokens hold."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from gateway.config import Guards
from gateway.edge.app import GatewayApp
from gateway.edge.identity.access import Access, TokenRules
from gateway.edge.identity.caller import Caller
from gateway.edge.identity.keys import PublicKeys
from gateway.edge.identity.signing import IdentitySigner
from gateway.edge.pages.site import Site
from gateway.telemetry.metrics import GatewayMetrics
from infra.ops.ask import Ask, Part
from infra.ops.gateways import Gateways
from infra.ops.opening import Observed, open_ops
from infra.ops.part import part_of
from infra.ops.part_doors import part_routes
from infra.ops.rules import OpsRules
from infra.ops.telling import Telling
from infra.recent_traces import RecentTraces
from subgraphs.kit.errors import Unauthenticated
from subgraphs.kit.identity.keys import SigningKey, StaticKeys
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.serving.service import SubgraphService
from subgraphs.kit.telemetry.metrics import Metrics
from tests.gateway.edge.graph import Subgraph, client, parts
from tests.infra.ops.cells import Looking, ran
from tests.subgraphs.harness import TOKEN_PEM

_KEY = SigningKey.from_pem(TOKEN_PEM)
_QUERY = "{ ops { total resolvers { service typeName field p95 } services { name ready reason } away } }"


class _Keys(PublicKeys):
    async def key(self, kid: str) -> Any:
        return _KEY.private.public_key() if kid == _KEY.kid else None


def _bearer(*roles: str, exp: float = 10**10) -> dict[str, str]:
    claims = {"iss": "lets-connect", "aud": "lets-connect", "sub": "1", "exp": exp, "roles": list(roles)}
    token = jwt.encode(claims, _KEY.private, "EdDSA", headers={"typ": "at+jwt", "kid": _KEY.kid})
    return {"authorization": f"Bearer {token}"}


_REFUSED: list[tuple[dict[str, str], int, str]] = [
    ({}, 401, "UNAUTHENTICATED"),
    ({"authorization": "Bearer nonsense"}, 401, "UNAUTHENTICATED"),
    (_bearer("operator", exp=1000), 401, "UNAUTHENTICATED"),
    (_bearer(), 403, "FORBIDDEN"),
    (_bearer("member"), 403, "FORBIDDEN"),
]


class _Behind:
    """A service that is a process of its own."""

    def __init__(self, part: Part | None) -> None:
        self.part_ = part
        self.asked: list[Ask] = []

    async def parts(self, ask: Ask, caller: Caller) -> list[Part | None]:
        assert caller.claims["roles"] == ["operator"]
        self.asked.append(ask)
        return [self.part_]


def _alone() -> Gateways:
    return Gateways(IdentitySigner(Ed25519PrivateKey.generate(), "key", frozenset()))


async def _away() -> None:
    raise RuntimeError("The database cannot be reached.")


async def _well() -> None:
    return None


@asynccontextmanager
async def _gateway(
    tmp_path: Path, rules: OpsRules | None = None, others: Mapping[str, Any] | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "index.html").write_text("<!doctype html><title>The app</title>")
    metrics, gateway = Metrics(CollectorRegistry()), GatewayMetrics(CollectorRegistry())
    access = Access(_Keys(), TokenRules("lets-connect", "lets-connect"))
    checks = {"shop": _away, "user": _well}
    observed = Observed(gateway, metrics, RecentTraces(), checks, others or {}, _alone())
    given = rules or OpsRules(seconds=0.02)
    async with open_ops(given, observed, access, StaticKeys({}), Guards(), Site(tmp_path)) as ops:
        ran(metrics.resolvers.cell("shop", "Query", "products"), 0.2)
        app = GatewayApp(
            replace(parts(Subgraph()), mounts=ops.mounts, ended=ops.ended, access=access, site=Site(tmp_path))
        )
        async with client(app) as asking:
            try:
                yield asking
            finally:
                app.close()


@pytest.mark.parametrize(("headers", "status", "code"), _REFUSED)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_nobody_else_gets_data(
    tmp_path: Path, headers: dict[str, str], status: int, code: str, accept: str
) -> None:
    async with _gateway(tmp_path) as asking:
        for path in ("/api/ops/graphql", "/api/ops/page"):
            answer = await asking.post(path, json={"query": _QUERY}, headers={**headers, "accept": accept})
            told = answer.json()["errors"][0]["extensions"]["code"]
            assert (answer.status_code, told, list(answer.json())) == (status, code, ["errors"])
            assert "set-cookie" not in answer.headers


async def test_a_refusal_is_a_line_of_the_log_and_a_count_also_where_watching_is_neither(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gateway.access")
    async with _gateway(tmp_path) as asking:
        for path in ("part", "overview", "graphql"):
            await asking.post(f"/api/ops/{path}", json={"query": _QUERY}, headers=_bearer("member"))
        counted = (await asking.get("/metrics")).text
    said = [one.getMessage().split() for one in caplog.records if one.name == "gateway.access"]
    assert [" ".join(words[:3]) for words in said] == [
        "POST /api/ops/part 401",
        "POST /api/ops/part 401",
        "POST /api/ops/graphql 403",
    ]
    *nobody, somebody = [words[6] for words in said]
    assert nobody == ["-", "-"]
    assert re.fullmatch("[0-9a-f]{12}", somebody)
    labels = 'http_request_method="POST",http_response_status_code="401",http_route="/api/ops/part"'
    assert f"http_server_request_duration_seconds_count{{{labels}}} 2.0" in counted


@pytest.mark.parametrize(("headers", "status", "code"), _REFUSED)
async def test_the_page_is_refused_by_its_status_and_kept_by_no_cache(
    tmp_path: Path, headers: dict[str, str], status: int, code: str
) -> None:
    async with _gateway(tmp_path) as asking:
        kept = {"if-none-match": (await asking.get("/")).headers["etag"]}
        answer = await asking.get("/ops", headers={**headers, **kept})
        assert (answer.status_code, "The app" in answer.text, answer.headers["cache-control"]) == (
            status,
            True,
            "no-store",
        )
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "etag" not in answer.headers


async def test_an_operator_gets_the_page_by_token_and_by_the_cookie_that_a_token_buys(tmp_path: Path) -> None:
    async with _gateway(tmp_path) as asking:
        assert (await asking.get("/ops", headers=_bearer("operator"))).status_code == 200
        bought = await asking.post("/api/ops/page", headers=_bearer("operator"))
        assert bought.status_code == 204
        cookie, *said = bought.headers["set-cookie"].split("; ")
        assert {"HttpOnly", "Path=/ops", "SameSite=strict", "Secure"} <= set(said)
        assert (await asking.get("/ops/", headers={"cookie": cookie})).status_code == 200
        assert (await asking.post("/api/ops/graphql", json={"query": _QUERY})).status_code == 401


@pytest.mark.parametrize(
    ("host", "secure"),
    [("localhost:8000", False), ("127.0.0.1", False), ("[::1]:80", False), ("a.example", True)],
)
async def test_the_cookie_goes_without_tls_to_this_machine_alone(
    tmp_path: Path, host: str, secure: bool
) -> None:
    async with _gateway(tmp_path) as asking:
        bought = await asking.post("/api/ops/page", headers={**_bearer("operator"), "host": host})
        assert ("Secure" in bought.headers["set-cookie"].split("; ")) is secure


async def test_an_operator_gets_what_every_process_knows(tmp_path: Path) -> None:
    behind = _Behind(None)
    async with _gateway(tmp_path, others={"user": behind}) as asking:
        answer: Any = {}
        while not answer or not answer["resolvers"]:
            asked = await asking.post("/api/ops/graphql", json={"query": _QUERY}, headers=_bearer("operator"))
            answer = asked.json()["data"]["ops"]
        (row,) = answer["resolvers"]
        assert row.pop("p95") == pytest.approx(0.2, rel=0.05)
        assert answer == {
            "total": 1,
            "resolvers": [row],
            "services": [
                {"name": "shop", "ready": False, "reason": "The database cannot be reached."},
                {"name": "user", "ready": True, "reason": ""},
            ],
            "away": ["user"],
        }
        assert row == {"service": "shop", "typeName": "Query", "field": "products"}
        assert behind.asked[0] == Ask()


async def test_a_subscription_goes_on_until_the_token_ends(tmp_path: Path) -> None:
    now = 1000.0
    (tmp_path / "index.html").write_text("")
    metrics = Metrics(CollectorRegistry())
    access = Access(_Keys(), TokenRules("lets-connect", "lets-connect"), lambda: now)
    observed = Observed(GatewayMetrics(CollectorRegistry()), metrics, RecentTraces(), {}, {}, _alone())
    rules = OpsRules(seconds=0.02)
    async with open_ops(rules, observed, access, StaticKeys({}), Guards(), Site(tmp_path)) as ops:
        app = GatewayApp(replace(parts(Subgraph()), mounts=ops.mounts, access=access))
        asked, seconds, told = {"query": "subscription { ops { at } }"}, 0.25, [0.0]
        async with client(app) as asking:
            while len(told) < 3:  # a token that lasts as long as this machine needs for three looks
                seconds *= 2
                headers = {**_bearer("operator", exp=now + seconds), "accept": "text/event-stream"}
                answer = await asking.post("/api/ops/graphql", json=asked, headers=headers)
                events = [line for line in answer.text.splitlines() if line.startswith(("event", "data: {"))]
                assert events[-1] == "event: complete"
                data = [json.loads(line[6:])["data"] for line in events if line.startswith("data")]
                told = [each["ops"]["at"] for each in data]
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nothing }", "BAD_USER_INPUT"),
        ("{ ops { at ", "BAD_USER_INPUT"),
        ("{ ops(given: {first: -1}) { total } }", None),
    ],
)
async def test_a_document_that_does_not_fit_is_an_error_with_a_code(
    tmp_path: Path, query: str, code: str | None
) -> None:
    async with _gateway(tmp_path) as asking:
        for accept in ("application/json", "text/event-stream"):
            headers = {**_bearer("operator"), "accept": accept}
            document = query.replace("{", "subscription {", 1) if "stream" in accept and code else query
            if code is None and "stream" in accept:
                continue
            answer = await asking.post("/api/ops/graphql", json={"query": document}, headers=headers)
            text = (
                answer.text.partition("data: ")[2].partition("\n")[0] if "stream" in accept else answer.text
            )
            errors = json.loads(text).get("errors", [])
            assert [error["extensions"]["code"] for error in errors] == ([code] if code else [])


@pytest.mark.parametrize(
    ("kind", "accept"), [("query", "application/json"), ("subscription", "text/event-stream")]
)
async def test_variables_that_do_not_fit_are_their_writers_mistake(
    tmp_path: Path, kind: str, accept: str
) -> None:
    asked = {
        "query": f"{kind} ($given: OpsInput!) {{ ops(given: $given) {{ at }} }}",
        "variables": {"given": {"first": "x"}},
    }
    async with _gateway(tmp_path) as asking:
        headers = {**_bearer("operator"), "accept": accept}
        answer = await asking.post("/api/ops/graphql", json=asked, headers=headers)
    assert re.findall(r'"code":"(\w+)"', answer.text.replace(" ", "")) == ["BAD_USER_INPUT"]


async def test_as_many_watch_as_may(tmp_path: Path) -> None:
    async with _gateway(tmp_path, OpsRules(watchers=0)) as asking:
        headers = {**_bearer("operator"), "accept": "text/event-stream"}
        answer = await asking.post(
            "/api/ops/graphql", json={"query": "subscription { ops { at } }"}, headers=headers
        )
        assert "TOO_MANY_WATCHERS" in answer.text


async def test_the_graph_knows_nothing_of_it(tmp_path: Path) -> None:
    async with _gateway(tmp_path) as asking:
        answer = await asking.post("/graphql", json={"query": _QUERY}, headers=_bearer("operator"))
        assert "Cannot query field" in answer.json()["errors"][0]["message"]


class _Service:
    """Knows its callers by what stands in their header."""

    async def viewer(self, headers: Mapping[str, str]) -> Viewer:
        if "authorization" not in headers:
            raise Unauthenticated
        return Viewer(roles=frozenset({headers["authorization"]}))


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 401),
        ({"authorization": "member"}, b"{}", 403),
        ({"authorization": "operator"}, b"{", 400),
        ({"authorization": "operator"}, b"{}", 200),
    ],
)
async def test_a_service_tells_its_part_to_who_comes_with_an_operators_identity(
    headers: dict[str, str], body: bytes, status: int
) -> None:
    looking = Looking()
    ran(looking.cell("shop", "Query", "products"), 0.2)
    looking.look()
    routes = part_routes(cast("SubgraphService", _Service()), Telling(looking.recorder, RecentTraces()))
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as asking:
        answer = await asking.post("/ops/part", headers=headers, content=body)
    assert answer.status_code == status
    if status == 200:
        part = msgspec.json.decode(answer.content, type=Part)
        assert part == part_of(looking.recorder, RecentTraces(), Ask())
