"""GraphQL over HTTP: media types, statuses, and requests a foreign page could make."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest

from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp
from tests.gateway.edge.graph import Subgraph, app, client, parts

_GRAPHQL = "application/graphql-response+json"
_PREFLIGHT = {"apollo-require-preflight": "1"}


async def test_a_query_is_answered_by_post_and_by_get() -> None:
    async with client() as asked:
        posted = await asked.post("/graphql", json={"query": "{ hello }"})
        got = await asked.get("/graphql", params={"query": "{ hello }"}, headers=_PREFLIGHT)
    assert posted.json() == got.json() == {"data": {"hello": "Hello you"}}
    assert posted.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "code"),
    [("{", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED")],
)
async def test_a_document_that_is_wrong_is_400_where_the_client_can_be_told_so(query: str, code: str) -> None:
    async with client() as asked:
        plain = await asked.post("/graphql", json={"query": query})
        told = await asked.post("/graphql", json={"query": query}, headers={"accept": _GRAPHQL})
    assert (plain.status_code, told.status_code) == (200, 400)
    for answer in (plain.json(), told.json()):
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_variables_that_do_not_fit_are_told() -> None:
    query = "mutation ($v: Int!) { set(value: $v) }"
    async with client() as asked:
        answer = await asked.post("/graphql", json={"query": query, "variables": {"v": "x"}})
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("directive", ["skip", "include"])
async def test_a_condition_that_is_given_as_null_is_refused_however_often_it_is_asked(directive: str) -> None:
    query = f"query ($if: Boolean = true) {{ hello @{directive}(if: $if) }}"
    async with client() as asked:
        answers = [
            (await asked.post("/graphql", json={"query": query, "variables": {"if": None}})).json()
            for _ in range(3)
        ]
    message = 'Argument "if" of required type "Boolean!" was given the variable "$if", which is null.'
    error = {
        "message": message,
        "locations": [{"line": 1, "column": 8}],
        "extensions": {"code": "BAD_USER_INPUT"},
    }
    assert answers == [{"errors": [error]}] * 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ([], 400),
        ("{ hello }", 400),
        ({"query": 3}, 400),
        ({"query": "{ hello }", "variables": []}, 400),
        ({"query": "{ hello }", "operationName": {}}, 400),
        ({"query": "{ hello }", "extensions": "x"}, 400),
        ({"query": "{ hello }", "variables": None, "operationName": None, "extensions": None}, 200),
    ],
)
async def test_parameters_have_their_kinds(body: Any, status: int) -> None:
    async with client() as asked:
        assert (await asked.post("/graphql", json=body)).status_code == status


async def test_what_a_foreign_page_could_send_is_refused() -> None:
    body = b'{"query": "{ hello }"}'
    async with client() as asked:
        statuses = [
            (await asked.post("/graphql", content=body, headers={"content-type": kind})).status_code
            for kind in ("text/plain", "application/x-www-form-urlencoded", "")
        ]
        statuses.append((await asked.get("/graphql", params={"query": "{ hello }"})).status_code)
        files = {"operations": (None, "{}"), "map": (None, "{}")}
        statuses.append((await asked.post("/graphql", files=files)).status_code)
    assert statuses == [415, 415, 415, 400, 400]


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("attribution-reporting-eligible", "event-source", 400),
        ("authorization", "Basic YTpi", 400),
        ("authorization", "Negotiate x", 400),
        ("authorization", "Bearer x", 200),
    ],
)
async def test_what_browsers_add_of_themselves_is_no_sign_of_a_page_of_ours(
    header: str, value: str, status: int
) -> None:
    async with client() as asked:
        answer = await asked.get("/graphql", params={"query": "{ hello }"}, headers={header: value})
    assert answer.status_code == status


async def test_a_gateway_without_csrf_prevention_answers_a_plain_link() -> None:
    async with client(app(GatewaySettings(csrf=False))) as asked:
        answer = await asked.get("/graphql", params={"query": "{ hello }"})
    assert answer.json() == {"data": {"hello": "Hello you"}}


async def test_a_request_is_a_line_of_the_log_unless_that_is_off(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gateway.access")
    for access_log in (True, False):
        served = app(GatewaySettings(access_log=access_log))
        async with client(served) as asked:
            await asked.post("/graphql", json={"query": "query Greet { hello }"})
        served.close()
    (record,) = [one for one in caplog.records if one.name == "gateway.access"]
    assert "POST /graphql 200" in record.getMessage()


async def test_what_was_asked_is_measured_unless_that_is_off() -> None:
    for measure in (True, False):
        async with client(app(GatewaySettings(measure=measure))) as asked:
            await asked.post("/graphql", json={"query": "query Greet { hello }"})
            told = (await asked.get("/metrics")).text
        for series in (
            'gateway_fetch_duration_seconds_count{outcome="success",subgraph="one"} 1.0',
            'graphql_operation_duration_seconds_count{operation_name="Greet",operation_type="query",outcome="ok"} 1.0',
            (
                'http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="200",'
                'http_route="/graphql"} 1.0'
            ),
        ):
            assert (series in told) == measure


class _Waiting(Subgraph):
    """Never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def execute(self, *_: Any) -> dict[str, Any]:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_client_that_leaves_is_no_error() -> None:
    waiting = _Waiting()
    async with client(GatewayApp(parts(waiting))) as asked:
        request = asyncio.create_task(asked.post("/graphql", json={"query": "query Greet { hello }"}))
        await waiting.asked.wait()
        request.cancel()
        await asyncio.wait([request])
        told = (await asked.get("/metrics")).text
    assert 'gateway_fetch_duration_seconds_count{outcome="cancelled",subgraph="one"} 1.0' in told
    labels = 'operation_name="Greet",operation_type="query",outcome="cancelled"'
    assert f"graphql_operation_duration_seconds_count{{{labels}}} 1.0" in told
    assert 'outcome="error"' not in told


async def test_mutations_are_not_sent_by_get_nor_answered_to_other_methods() -> None:
    async with client() as asked:
        got = await asked.get("/graphql", params={"query": "mutation { set(value: 1) }"}, headers=_PREFLIGHT)
        put = await asked.put("/graphql", json={"query": "{ hello }"})
        unwanted = await asked.post("/graphql", json={"query": "{ hello }"}, headers={"accept": "image/png"})
    assert [(a.status_code, a.headers.get("allow")) for a in (got, put, unwanted)] == [
        (405, "POST"),
        (405, "GET, POST"),
        (406, None),
    ]


async def test_a_batch_is_answered_in_its_order_up_to_a_bound() -> None:
    async with client() as asked:
        answers = await asked.post("/graphql", json=[{"query": "{ hello }"}, {"query": "{ __typename }"}])
        refused = await asked.post("/graphql", json=[{"query": "{ hello }"}] * 500)
        mixed = await asked.post(
            "/graphql", json=[{"query": "{ hello }"}, {"query": "mutation { set(value: 1) }"}]
        )
        stream = await asked.post("/graphql", json=[{"query": "subscription { ticks(to: 1) }"}])
    assert answers.json() == [{"data": {"hello": "Hello you"}}, {"data": {"__typename": "Query"}}]
    codes = [a.json()["errors"][0]["extensions"]["code"] for a in (refused, mixed, stream)]
    assert codes == ["BATCH_REFUSED"] * 3


async def test_what_is_wrong_with_one_operation_of_a_batch_keeps_no_other_from_its_answer() -> None:
    unknown = {"persistedQuery": {"version": 1, "sha256Hash": "0"}}
    batch = [
        {"query": "{ nothing }"},
        {"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": 1}},
        {"extensions": unknown},
        {"query": "{ hello }"},
    ]
    async with client() as asked:
        answers = (await asked.post("/graphql", json=batch)).json()
    codes = [one["errors"][0]["extensions"]["code"] for one in answers[:-1]]
    assert codes == ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "PERSISTED_QUERY_NOT_FOUND"]
    assert answers[-1] == {"data": {"hello": "Hello you"}}


async def test_a_hash_stands_for_a_document_that_was_sent_before() -> None:
    query = "{ hello }"
    digest = hashlib.sha256(query.encode()).hexdigest()
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    async with client() as asked:
        unknown = await asked.post("/graphql", json={"extensions": extensions})
        await asked.post("/graphql", json={"query": query, "extensions": extensions})
        known = await asked.post("/graphql", json={"extensions": extensions})
        wrong = await asked.post("/graphql", json={"query": "{ thing { id } }", "extensions": extensions})
    assert unknown.json()["errors"][0] == {
        "message": "PersistedQueryNotFound",
        "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
    }
    assert known.json() == {"data": {"hello": "Hello you"}}
    assert wrong.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_HASH_MISMATCH"


async def test_a_subgraph_that_fails_tells_nothing_of_its_inside() -> None:
    async with client() as asked:
        answer = await asked.post("/graphql", json={"query": "{ fails }"})
    assert answer.json()["data"] == {"fails": None}
    assert "secret" not in answer.text


async def test_events_come_as_a_stream_where_that_is_asked_for() -> None:
    query = "subscription ($to: Int!) { ticks(to: $to) }"
    async with client() as asked:
        body = {"query": query, "variables": {"to": 2}}
        answer = await asked.post("/graphql", json=body, headers={"accept": "text/event-stream"})
        plain = await asked.post("/graphql", json=body)
    assert answer.text == (
        ':\n\nevent: next\ndata: {"data":{"ticks":0}}\n\nevent: next\ndata: {"data":{"ticks":1}}\n\n'
        "event: complete\ndata: \n\n"
    )
    assert plain.status_code == 406


@pytest.mark.parametrize(
    "query",
    [
        "{ hello ... @defer { thing { id } } }",
        'query ($now: Boolean = false) { hello ... @defer(if: $now, label: "later") { thing { id } } }',
        "{ hello ...Later @defer } fragment Later on Query { thing { id } }",
    ],
)
async def test_what_may_come_later_is_answered_at_once(query: str) -> None:
    async with client() as asked:
        answer = await asked.post("/graphql", json={"query": query})
        misplaced = await asked.post("/graphql", json={"query": "{ hello @defer }"})
    assert answer.json() == {"data": {"hello": "Hello you", "thing": {"id": "1"}}}
    assert misplaced.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    "header",
    ["x-request-id", "traceparent", "x-real-ip", "x-scheme", "x-forwarded-for", "last-event-id", "dpr"],
)
async def test_what_browsers_and_proxies_add_unasked_proves_nothing(header: str) -> None:
    async with client() as asked:
        answer = await asked.get("/graphql", params={"query": "{ hello }"}, headers={header: "1"})
        proven = {header: "1", "x-apollo-operation-name": "q"}
        let = await asked.get("/graphql", params={"query": "{ hello }"}, headers=proven)
    assert answer.json()["errors"][0]["extensions"]["code"] == "CSRF_PREVENTED"
    assert let.json() == {"data": {"hello": "Hello you"}}
