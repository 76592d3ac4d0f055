"""Spans are noted while a request runs, told as one part when it ends, and hold nothing private."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from opentelemetry.trace import SpanKind
from prometheus_client import CollectorRegistry
from starlette.responses import Response
from starlette.routing import Route

from subgraphs.content.app import DOMAIN
from subgraphs.kit.loading.loaders import BatchLoader
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.serving.app import RequestEnd, create_app
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import (
    Part,
    Span,
    TraceContext,
    Tracer,
    note,
    span,
    trace_id,
    traceparent,
)
from tests.subgraphs.content.acting import publish
from tests.subgraphs.harness import METRICS, Harness, open_harness, settings_for, sign

_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_TRACE, _CALLER = 0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331


def test_a_part_goes_on_from_the_one_who_called() -> None:
    told: list[Part] = []
    with Tracer("shop", told.append).part("query", _PARENT, {"a": 1}):
        assert (trace_id(), traceparent() or "") == (_PARENT[3:35], traceparent())
        with span("load user"):
            note("SELECT users", 0.0, {"b": 2}, kind=SpanKind.CLIENT, ended=1.0, error="57P01")
        note("MGET", 0.0, {}, ended=1.0)
    (part,) = told
    statement, loader, command, root = part.spans
    assert (part.service, part.trace_id, part.sampled, part.failed, part.dropped) == (
        "shop",
        _TRACE,
        True,
        True,
        0,
    )
    assert statement == Span(
        "SELECT users",
        SpanKind.CLIENT,
        statement.span_id,
        loader.span_id,
        0.0,
        1.0,
        {"b": 2},
        "57P01",
    )
    assert [(s.name, s.parent_id) for s in (loader, command, root)] == [
        ("load user", root.span_id),
        ("MGET", root.span_id),
        ("query", _CALLER),
    ]
    assert trace_id() is None


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        _PARENT.upper(),
        _PARENT.replace("00-", "ff-", 1),
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-{_PARENT[3:35]}-{'0' * 16}-01",
        _PARENT + "\n",
    ],
)
def test_what_is_no_parent_begins_a_trace(header: str | None) -> None:
    told: list[Part] = []
    assert TraceContext.read(header) is None
    with Tracer("shop", told.append).part("query", header):
        pass
    assert told[0].trace_id not in (0, _TRACE)
    assert not told[0].sampled
    assert told[0].spans[-1].parent_id is None


def test_where_nobody_listens_nothing_is_noted() -> None:
    with Tracer("shop").part("query", _PARENT) as ours, span("load user") as inner:
        assert (ours.recording, inner.recording, trace_id(), traceparent()) == (False, False, None, None)
        note("SELECT", 0.0, {})


def test_a_part_has_so_many_spans_and_its_own() -> None:
    told: list[Part] = []
    with Tracer("shop", told.append).part("query", None):
        for _ in range(1500):
            note("MGET", 0.0, {})
    assert (len(told[0].spans), told[0].dropped, told[0].spans[-1].name) == (1000, 501, "query")


async def test_what_a_task_does_after_the_answer_is_not_told() -> None:
    told: list[Part] = []
    answered = asyncio.Event()

    async def later() -> None:
        await answered.wait()
        note("MGET", 0.0, {})

    with Tracer("shop", told.append).part("query", None):
        task = asyncio.create_task(later())
    answered.set()
    await task
    assert [s.name for s in told[0].spans] == ["query"]


async def test_a_batch_is_a_span_that_holds_what_it_asks() -> None:
    told: list[Part] = []

    async def batch(keys: Sequence[int]) -> dict[int, int]:
        note("SELECT users", 0.0, {})
        return {}

    loader: BatchLoader[int, int] = BatchLoader("shop", "user", batch, 0, Metrics(CollectorRegistry()))
    with Tracer("shop", told.append).part("query", None):
        await asyncio.gather(loader.load(1), loader.load(2), loader.load(1))
    statement, loaded, root = told[0].spans
    assert (loaded.name, loaded.attributes) == (
        "load user",
        {"dataloader.name": "user", "dataloader.batch.size": 2},
    )
    assert (statement.parent_id, loaded.parent_id) == (loaded.span_id, root.span_id)


async def test_a_script_that_the_server_does_not_know_yet_is_no_failure(redis_url: str) -> None:
    told: list[Part] = []
    link = RedisLink(redis_url)
    try:
        script = link.client.register_script(f"return 1 -- {uuid4()}")
        with Tracer("shop", told.append).part("query", None):
            assert await link.call(script()) == 1
    finally:
        await link.close()
    assert ([s.name for s in told[0].spans], told[0].failed) == (
        ["EVALSHA", "SCRIPT LOAD", "EVALSHA", "query"],
        False,
    )


@asynccontextmanager
async def _recorded(
    database_url: Callable[[str], str], redis_url: str, home: Any
) -> AsyncIterator[tuple[Harness, list[Part], asyncio.Event]]:
    parts: list[Part] = []
    sent = asyncio.Event()

    def tell(part: Part) -> None:
        parts.append(part)
        if part.spans[-1].name == "send events:content":
            sent.set()

    settings = settings_for(database_url("content"), redis_url, home)
    async with open_harness(DOMAIN, settings, tell) as harness:
        yield harness, parts, sent


async def test_a_feed_page_and_the_event_of_a_post_are_told_whole(
    database_url: Callable[[str], str], redis_url: str, tmp_path: Any
) -> None:
    async with _recorded(database_url, redis_url, tmp_path) as (content, parts, sent):
        headers = {"authorization": sign("content", uuid4()), "traceparent": _PARENT}
        await publish(content, uuid4(), "a secret body")
        query = "query Page { feed(kind: EXPLORE, first: 3) { edges { node { body } } } }"
        for _ in range(2):
            await content.service.execute(query, {}, "Page", headers)
        page = parts[-1]
        await sent.wait()
    root = page.spans[-1]
    assert (page.trace_id, page.sampled, root.parent_id, root.name) == (_TRACE, True, _CALLER, "query")
    assert root.attributes == {"graphql.operation.type": "query", "graphql.operation.name": "Page"}
    inside = {s.span_id for s in page.spans}
    assert all(s.parent_id in inside for s in page.spans[:-1])
    assert all(0 <= s.ended - s.began <= page.seconds for s in page.spans)
    clients = {s.name: s.attributes for s in page.spans if s.kind is SpanKind.CLIENT}
    assert clients["MGET"] == {
        "db.system.name": "redis",
        "db.operation.name": "MGET",
        "db.query.summary": "MGET",
    }
    assert any(a["db.system.name"] == "postgresql" and a["db.query.summary"] == n for n, a in clients.items())
    mutation = next(p for p in parts if p.spans[-1].name == "mutation")
    event = next(p for p in parts if p.spans[-1].name == "send events:content")
    assert (event.trace_id, event.spans[-1].parent_id) == (mutation.trace_id, mutation.spans[-1].span_id)
    assert [s.name for s in event.spans] == ["XADD", "send events:content"]
    assert "secret" not in repr(parts)


async def test_a_request_over_http_is_a_span_of_its_route(
    database_url: Callable[[str], str], redis_url: str, tmp_path: Any
) -> None:
    async with _recorded(database_url, redis_url, tmp_path) as (content, parts, _):
        ends: list[RequestEnd] = []
        viewer = uuid4()
        part = Route("/ops/part", lambda asked: Response(status_code=int(asked.query_params["status"])))
        transport = httpx.ASGITransport(create_app(content.service, METRICS, more=[part], tell=ends.append))
        async with httpx.AsyncClient(transport=transport, base_url="http://content:8000") as client:
            headers = {"authorization": sign("content", viewer), "traceparent": _PARENT}
            asking = {"query": "query Page { __typename }", "operationName": "Page"}
            await client.post("/graphql", json=asking, headers=headers)
            for watching in ("/health/ready", "/metrics", "/ops/part?status=200", "/ops/part?status=403"):
                await client.get(watching)
            await client.request("BREW", "/nothing?key=secret")
    told = [
        (e.method, e.route, e.status, e.operation, e.viewer, e.trace_id == f"{_TRACE:032x}") for e in ends
    ]
    assert told == [
        ("POST", "/graphql", 200, "Page", viewer, True),
        ("GET", "/ops/part", 403, None, None, False),
        ("_OTHER", "unmatched", 404, None, None, False),
    ]
    assert all(0 < end.seconds < 60 for end in ends)
    asked, lost = (p for p in parts if p.spans[-1].kind is SpanKind.SERVER)
    assert [s.name for s in asked.spans] == ["query", "POST /graphql"]
    assert (asked.spans[0].parent_id, asked.spans[1].parent_id) == (asked.spans[1].span_id, _CALLER)
    assert asked.spans[1].attributes == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": "/graphql",
        "network.protocol.version": "1.1",
        "server.address": "content",
        "server.port": 8000,
        "url.path": "/graphql",
        "url.scheme": "http",
    }
    assert (lost.spans[0].name, lost.spans[0].attributes["http.response.status_code"]) == ("_OTHER", 404)
    assert "secret" not in repr(parts)


async def test_each_event_of_a_subscription_is_a_part_of_the_streams_trace(
    database_url: Callable[[str], str], redis_url: str, tmp_path: Any
) -> None:
    viewer = uuid4()
    headers = {"authorization": sign("content", viewer), "traceparent": _PARENT}
    query = "subscription Live { feedUpdated { body } }"
    async with _recorded(database_url, redis_url, tmp_path) as (content, parts, _):
        stream = content.service.subscribe(query, {}, "Live", headers)
        first = asyncio.ensure_future(anext(stream))
        async with asyncio.timeout(60):
            while not first.done():
                await publish(content, viewer, "own")
                await asyncio.wait([first], timeout=0.05)
        await stream.aclose()  # type: ignore[attr-defined]
    events = [part for part in parts if part.spans[-1].name == "subscription"]
    assert events
    root = events[0].spans[-1]
    assert (events[0].trace_id, events[0].sampled, root.parent_id) == (_TRACE, True, _CALLER)
    assert root.attributes == {"graphql.operation.type": "subscription", "graphql.operation.name": "Live"}
