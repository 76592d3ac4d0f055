"""Browsers tell their part of traces that are kept, and nothing else, whoever tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

from gateway.edge.app import GatewayApp
from gateway.edge.mounts import Mount
from gateway.telemetry.tracing import SpanSink, Tracing
from gateway.telemetry.tracing.tracing import TracingRules
from infra.browser_spans import BrowserSpans, Tickets, spans_door
from tests.gateway.edge.graph import Subgraph, client, parts

_TRACE, _DEED, _REQUEST = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"
_TICKETS = Tickets(b"a key")
_NOW = 1_800_000_000.0


class _Kept(SpanProcessor):
    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.spans.append(span)


class _Nowhere(SpanSink):
    def take(self, *_: Any) -> None:
        """The gateway's own are not looked at."""


def _telling(**changes: Any) -> dict[str, Any]:
    asked = {"id": _REQUEST, "operation": "Feed", "ago": 900, "took": 250, "status": 200}
    told = {
        "trace": _TRACE,
        "ticket": _TICKETS.of(_TRACE),
        "id": _DEED,
        "deed": "click",
        "ago": 1000,
        "took": 400,
    }
    return {**told, "requests": [asked], **changes}


def _later(end: str, took: int, **changes: Any) -> dict[str, Any]:
    stream = {"id": "00f067aa0ba902b8", "operation": "FeedUpdated", "ago": took, "took": took, "end": end}
    return _telling(ago=took, again=True, requests=[], streams=[{**stream, **changes}])


def _asked(**changes: Any) -> dict[str, Any]:
    return _telling(requests=[{**_telling()["requests"][0], **changes}])


@asynccontextmanager
async def _gateway(
    kept: _Kept, per_second: float = 20.0, share: float = 1.0
) -> AsyncIterator[httpx.AsyncClient]:
    resource = Resource({"service.namespace": "lets-connect"})
    spans = BrowserSpans(kept, resource, per_second, clock=lambda: 0.0, epoch=lambda: _NOW)
    given = parts(Subgraph())
    app = GatewayApp(
        replace(
            given,
            tracing=Tracing(_Nowhere(), TracingRules(share=share)),
            ticket=_TICKETS.of,
            mounts=[Mount(r"/api/spans", spans_door(spans, _TICKETS), methods=frozenset({"POST"}))],
        )
    )
    async with client(app) as asking:
        yield asking


async def test_what_a_page_tells_becomes_spans_of_the_web_app() -> None:
    kept = _Kept()
    async with _gateway(kept) as asking:
        answer = await asking.post(
            "/api/spans", json=_telling(), headers={"host": "connect.example.org:8000"}
        )
    assert (answer.status_code, answer.content) == (204, b"")
    request, deed = kept.spans
    for span in kept.spans:
        assert span.context is not None
        assert span.context.trace_id == int(_TRACE, 16)
        assert dict(span.resource.attributes) == {"service.name": "web", "service.namespace": "lets-connect"}
    assert (deed.name, deed.kind, deed.parent, dict(deed.attributes or {})) == (
        "click",
        SpanKind.INTERNAL,
        None,
        {},
    )
    assert (deed.start_time, deed.end_time) == (1_799_999_999 * 10**9, 1_799_999_999_400_000_000)
    assert request.parent == deed.context
    assert (request.name, request.kind) == ("POST /graphql", SpanKind.CLIENT)
    assert (request.end_time or 0) - (request.start_time or 0) == 250_000_000
    assert dict(request.attributes or {}) == {
        "graphql.operation.name": "Feed",
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "server.address": "connect.example.org",
        "server.port": 8000,
        "url.template": "/graphql",
    }


@pytest.mark.parametrize(("status", "error"), [(200, None), (503, "503"), (0, "no_answer")])
async def test_a_request_that_failed_says_how(status: int, error: str | None) -> None:
    kept = _Kept()
    async with _gateway(kept) as asking:
        await asking.post("/api/spans", json=_asked(status=status))
    (request, _) = kept.spans
    attributes = request.attributes or {}
    assert (attributes.get("error.type"), attributes.get("http.response.status_code")) == (
        error,
        status or None,
    )
    assert (request.status.status_code is StatusCode.ERROR) is (error is not None)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (_telling(ticket=Tickets(b"another key").of(_TRACE)), 403),
        (_telling(ticket="é"), 403),
        (_telling(trace="1af7651916cd43dd8448eb211c80319c"), 403),
        (_telling(trace="0" * 32), 400),
        (_telling(trace=_TRACE + "\n"), 400),
        (_telling(id="0" * 16), 400),
        (_telling(deed="<script>"), 400),
        (_telling(ago=-1), 400),
        (_telling(took=600_001), 400),
        (_telling(took=1.5), 400),
        (_telling(user="Ada"), 400),
        (_telling(requests=_telling()["requests"] * 51), 400),
        (_asked(operation="Feed\n2026 INFO forged"), 400),
        (_asked(operation="a" * 101), 400),
        (_asked(operation=""), 400),
        (_asked(status=600), 400),
        (_asked(url="/u/ada"), 400),
        (_later("gone", 1), 400),
        (_later("left", 7 * 24 * 3_600_000 + 1), 400),
        (_later("left", 1, operation="Feed\n"), 400),
        (_later("left", 1, id="0" * 16), 400),
        (_telling(streams=_later("left", 1)["streams"] * 21), 400),
        ([], 400),
        ({"trace": "a" * 20_000}, 413),
    ],
)
async def test_what_is_not_what_pages_tell_is_refused_whole(told: Any, status: int) -> None:
    kept = _Kept()
    async with _gateway(kept) as asking:
        answer = await asking.post("/api/spans", json=told)
    assert (answer.status_code, list(answer.json()), kept.spans) == (status, ["errors"], [])


async def test_a_subscription_of_a_deed_that_was_told_before_is_one_span_more() -> None:
    kept = _Kept()
    hour = 3_600_000
    async with _gateway(kept) as asking:
        answer = await asking.post("/api/spans", json=_later("lost", hour))
    assert answer.status_code == 204
    (stream,) = kept.spans
    assert stream.context is not None
    assert stream.parent is not None
    assert (stream.context.trace_id, stream.parent.span_id) == (int(_TRACE, 16), int(_DEED, 16))
    assert (stream.name, stream.kind, stream.status.status_code) == (
        "subscription",
        SpanKind.CLIENT,
        StatusCode.UNSET,
    )
    assert (stream.end_time or 0) - (stream.start_time or 0) == hour * 1_000_000
    attributes = dict(stream.attributes or {})
    told = [attributes[f"graphql.operation.{name}"] for name in ("name", "type")]
    assert (told, attributes["gateway.subscription.end"]) == (["FeedUpdated", "subscription"], "lost")


async def test_a_subscription_that_the_server_refused_is_an_error_beside_its_deed() -> None:
    kept = _Kept()
    async with _gateway(kept) as asking:
        await asking.post("/api/spans", json={**_telling(), "streams": _later("error", 5)["streams"]})
    failed = {span.name: (span.attributes or {}).get("error.type") for span in kept.spans}
    assert failed == {"POST /graphql": None, "subscription": "refused", "click": None}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"sec-fetch-site": "same-origin", "content-type": "application/json; charset=utf-8"}, 204),
    ],
)
async def test_only_our_own_pages_tell(headers: dict[str, str], status: int) -> None:
    kept = _Kept()
    async with _gateway(kept) as asking:
        answer = await asking.post("/api/spans", json=_telling(), headers=headers)
    assert (answer.status_code, len(kept.spans)) == (status, 2 if status == 204 else 0)


async def test_a_flood_of_tellings_is_no_flood_of_spans_and_no_error_on_a_page() -> None:
    kept = _Kept()
    async with _gateway(kept, per_second=3.0) as asking:
        statuses = [(await asking.post("/api/spans", json=_telling())).status_code for _ in range(10)]
    assert statuses == [204] * 3 + [202] * 7
    assert len(kept.spans) == 3 * 2


async def test_a_host_that_can_be_none_is_not_told() -> None:
    kept = _Kept()
    async with _gateway(kept) as asking:
        for host in ("<b>", "a b", "connect.example.org:99999999"):
            await asking.post("/api/spans", json=_telling(), headers={"host": host})
    assert {
        name for span in kept.spans for name in span.attributes or {} if name.startswith("server.")
    } == set()


_PARENT = f"00-{_TRACE}-{_DEED}-00"


@pytest.mark.parametrize(
    ("share", "headers", "ticket"),
    [
        (1.0, {"traceparent": _PARENT}, _TICKETS.of(_TRACE)),
        (1.0, {}, None),
        (0.0, {"traceparent": _PARENT}, None),
    ],
    ids=["kept", "begun here", "not kept"],
)
async def test_an_answer_has_a_ticket_where_its_client_began_a_trace_that_is_kept(
    share: float, headers: dict[str, str], ticket: str | None
) -> None:
    async with _gateway(_Kept(), share=share) as asking:
        answer = await asking.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert answer.headers.get("x-trace-ticket") == ticket
