"""One trace from the client through the gateway's phases to the subgraphs."""

from __future__ import annotations

import asyncio
import logging
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.edge.mounts import Mount
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.telemetry.tracing import Tracing
from gateway.telemetry.tracing.spans import SpanWriter
from gateway.telemetry.tracing.tracing import TracingRules
from gateway.transport import HttpTransport
from tests.gateway.edge.graph import Subgraph, client, parts
from tests.gateway.edge.upstream import upstream

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette asks for a client that is not released for general use
    from starlette.testclient import TestClient

_ID = "0af7651916cd43dd8448eb211c80319c"
_PARENT = f"00-{_ID}-b7ad6b7169203331-01"
_QUERY = "query Hello($secret: String) { hello(name: $secret) }"


@dataclass
class _Traced:
    """Tracing into memory; ``tree`` is what was kept, each span under its parent, in order of their beginning."""

    tracing: Tracing
    exporter: InMemorySpanExporter

    def spans(self) -> list[ReadableSpan]:
        return sorted(self.exporter.get_finished_spans(), key=lambda one: one.start_time or 0)

    def tree(self) -> list[Any]:
        spans = self.spans()
        known = {one.context.span_id for one in spans}
        return [_under(one, spans) for one in spans if one.parent is None or one.parent.span_id not in known]


def _under(span: ReadableSpan, spans: list[ReadableSpan]) -> Any:
    inner = [_under(one, spans) for one in spans if one.parent and one.parent.span_id == span.context.span_id]
    return {f"{span.kind.name} {span.name}": inner} if inner else f"{span.kind.name} {span.name}"


def _traced(**rules: Any) -> _Traced:
    exporter = InMemorySpanExporter()
    writer = SpanWriter(SimpleSpanProcessor(exporter), Resource({}))
    given = {"share": 1.0, "slow_seconds": math.inf, **rules}  # a machine that is held up makes nothing slow
    return _Traced(Tracing(writer, TracingRules(**given)), exporter)


def _app(traced: _Traced, subgraph: Subgraph | None = None, **settings: Any) -> GatewayApp:
    given = parts(subgraph or Subgraph(), GatewaySettings(**settings))
    return GatewayApp(replace(given, tracing=traced.tracing))


async def _ask(app: GatewayApp, query: str = _QUERY, **more: Any) -> httpx.Response:
    async with client(app) as asking:
        body = {"query": query, "variables": {"secret": "not to be seen"}}
        return await asking.post("/graphql", json=body, **more)


async def test_a_request_is_one_trace_from_its_caller_to_the_subgraph() -> None:
    traced, subgraph = _traced(), Subgraph()
    app = _app(traced, subgraph)
    for _ in range(3):  # the first on the exact path, the others compiled
        await _ask(app, headers={"traceparent": _PARENT, "tracestate": "other=1"})
        phases = ["INTERNAL graphql.parse", "INTERNAL graphql.validate", "INTERNAL graphql.plan"]
        execution = {"INTERNAL graphql.execute": ["INTERNAL fetch one"]}
        operation = {"SERVER query": [*(phases if len(subgraph.headers) == 1 else []), execution]}
        assert traced.tree() == [{"SERVER POST /graphql": [operation]}]
        spans = traced.spans()
        assert {f"{one.context.trace_id:032x}" for one in spans} == {_ID}
        assert (spans[0].parent.span_id, spans[0].parent.is_remote) == (0xB7AD6B7169203331, True)  # type: ignore[union-attr]
        assert subgraph.headers[-1] == {
            "traceparent": f"00-{_ID}-{spans[-1].context.span_id:016x}-01",
            "tracestate": "other=1",
        }
        assert "not to be seen" not in str([one.to_json() for one in spans])
        traced.exporter.clear()


async def test_spans_have_the_conventions_names() -> None:
    traced = _traced()

    def answer(request: dict[str, Any]) -> Any:
        return PlainTextResponse("away", 503) if "bad" in request["query"] else {"data": {"good": 1}}

    async with upstream(answer=answer) as peer:
        app = _over_http(peer.url, traced)
        await _ask(app, "query Both { good bad }")
    found = {one.name: dict(one.attributes or {}) for one in traced.spans() if one.name != "POST /graphql"}
    assert found["query"] == {
        "graphql.operation.name": "Both",
        "graphql.operation.type": "query",
        "error.type": "SUBREQUEST_HTTP_ERROR",
    }
    server, fetch = [dict(one.attributes or {}) for one in traced.spans() if one.name == "POST /graphql"]
    assert server == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": "/graphql",
        "network.protocol.version": "1.1",
        "url.path": "/graphql",
        "url.scheme": "http",
    }
    port = int(peer.url.split(":")[2].split("/")[0])
    assert fetch == {
        "error.type": "503",
        "gateway.fetch.outcome": "unavailable",
        "gateway.subgraph.name": "one",
        "http.request.method": "POST",
        "http.response.status_code": 503,
        "network.protocol.version": "1.1",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.full": f"http://127.0.0.1:{port}/graphql",
        "url.template": "/graphql",
    }


def _over_http(url: str, traced: _Traced, **settings: Any) -> GatewayApp:
    given = GatewaySettings(**settings)
    sdl = compose_from_sdls([("one", url, "type Query { good: Int bad: Int }")]).supergraph_sdl
    metrics = GatewayMetrics(CollectorRegistry())
    engine = Engine(load_supergraph(sdl), {"one": HttpTransport("one", url, share=True)}, given, metrics)
    return GatewayApp(GatewayParts(lambda: engine, given, metrics, tracing=traced.tracing))


async def test_errors_and_slow_operations_are_kept_and_nothing_else() -> None:
    traced = _traced(share=0.0)
    app = _app(traced)
    await _ask(app)
    await _ask(app, "{ nothing }")  # refused: the client's mistake, and as often as it likes
    assert traced.tree() == []
    await _ask(app, "{ fails }")
    (root,) = traced.tree()
    assert root["SERVER POST /graphql"][0]["SERVER query"][-1] == {
        "INTERNAL graphql.execute": ["INTERNAL fetch one"]
    }
    slow = _traced(share=0.0, slow_seconds=0.0)
    await _ask(_app(slow))
    assert len(slow.tree()) == 1


async def test_documents_are_shown_where_it_is_said_and_without_values() -> None:
    traced = _traced()
    await _ask(_app(traced, trace_documents=True), '{ hello(name: "not to be seen") }')
    shown = [
        one.attributes["graphql.document"] for one in traced.spans() if one.name == "query" and one.attributes
    ]
    assert shown == ["{ hello ( name : ? ) }"]


async def test_each_operation_of_a_batch_has_its_span() -> None:
    traced = _traced()
    async with client(_app(traced)) as asking:
        await asking.post("/graphql", json=[{"query": "{ hello }"}, {"query": "query B { hello }"}])
    ((request, operations),) = traced.tree()[0].items()
    assert request == "SERVER POST /graphql"
    assert [next(iter(one)) for one in operations] == ["SERVER query", "SERVER query"]


async def test_each_event_of_a_subscription_is_a_span_of_its_own_beside_its_stream() -> None:
    traced, subgraph = _traced(), Subgraph()
    headers = {"accept": "text/event-stream", "traceparent": _PARENT}
    async with client(_app(traced, subgraph)) as asking:
        await asking.post("/graphql", json={"query": "subscription { ticks(to: 3) }"}, headers=headers)
    execute, stream = "INTERNAL graphql.execute", {"INTERNAL graphql.execute": ["INTERNAL fetch one"]}
    phases = [f"INTERNAL graphql.{name}" for name in ("parse", "validate", "plan")]
    expected = [[*phases, execute], [execute], [execute], [stream]]
    (tree,) = traced.tree()
    told = [one["SERVER subscription"] for one in tree["SERVER POST /graphql"]]
    assert sorted(told, key=str) == sorted(expected, key=str)
    spans = traced.spans()
    fetch = next(one for one in spans if one.name == "fetch one")
    assert subgraph.headers[0]["traceparent"] == f"00-{_ID}-{fetch.context.span_id:016x}-01"
    assert (fetch.end_time or 0) >= max(one.start_time or 0 for one in spans)


async def test_what_comes_over_a_web_socket_is_traced_too() -> None:
    traced = _traced()
    with TestClient(_app(traced)).websocket_connect(
        "/graphql", subprotocols=["graphql-transport-ws"]
    ) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        for key, query in (("q", "{ hello }"), ("s", "subscription ($to: Int!) { ticks(to: $to) }")):
            payload = {"query": query, "variables": {"to": 1}}
            socket.send_json({"id": key, "type": "subscribe", "payload": payload})
            assert [socket.receive_json()["type"] for _ in range(2)] == ["next", "complete"]
    roots = sorted(next(iter(one)) for one in traced.tree())
    assert roots == ["SERVER query", "SERVER subscription", "SERVER subscription"]


def test_an_operation_of_a_websocket_goes_on_from_the_span_it_names() -> None:
    traced = _traced()
    with TestClient(_app(traced)).websocket_connect("/graphql", ["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        for key, parent in (("named", _PARENT), ("wrong", "nonsense"), ("odd", 7)):
            payload = {"query": "{ hello }", "extensions": {"traceparent": parent}}
            socket.send_json({"id": key, "type": "subscribe", "payload": payload})
            assert [socket.receive_json()["type"] for _ in range(2)] == ["next", "complete"]
    operations = [one for one in traced.spans() if one.name == "query"]
    named = [one for one in operations if one.context.trace_id == int(_ID, 16)]
    assert (len(operations), [one.parent and one.parent.span_id for one in named]) == (
        3,
        [0xB7AD6B7169203331],
    )


async def test_a_flood_of_strangers_who_would_be_kept_reaches_no_exporter_and_errors_still_do() -> None:
    traced = _traced(share=0.0)
    app = _app(traced)
    for n in range(1, 60):
        await _ask(app, headers={"traceparent": f"00-{n:032x}-b7ad6b7169203331-01"})
    assert traced.tree() == []
    failing = {"traceparent": _PARENT.replace("-01", "-00")}
    assert "errors" in (await _ask(app, "{ fails }", headers=failing)).json()
    assert {one.context.trace_id for one in traced.spans()} == {int(_ID, 16)}


async def test_a_service_behind_a_mount_is_told_the_trace() -> None:
    traced, told = _traced(), []

    async def service(scope: Any, _receive: Any, send: Any) -> None:
        told.append({name: value for name, value in scope["headers"] if name.startswith(b"trace")})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    given = replace(parts(Subgraph()), tracing=traced.tracing, mounts=[Mount("/behind", service)])
    async with client(GatewayApp(given)) as asking:
        await asking.get("/behind", headers={"traceparent": _PARENT, "tracestate": "a=1"})
    (span,) = traced.spans()
    assert (span.name, span.context.trace_id) == ("GET /behind", int(_ID, 16))
    parent = f"00-{_ID}-{span.context.span_id:016x}-01"
    assert told == [{b"traceparent": parent.encode(), b"tracestate": b"a=1"}]


async def test_what_streams_as_long_as_its_client_likes_is_not_slow() -> None:
    async def lasting(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.02)
        await PlainTextResponse("")(scope, receive, send)

    traced = _traced(share=0.0, slow_seconds=0.01)
    mounts = [Mount("/slow", lasting), Mount("/live", lasting, streams=True)]
    given = replace(parts(Subgraph()), tracing=traced.tracing, mounts=mounts)
    async with client(GatewayApp(given)) as asking:
        await asking.get("/slow")
        await asking.get("/live")
    assert traced.tree() == ["SERVER GET /slow"]


async def test_probes_leave_no_trace() -> None:
    traced = _traced()
    async with client(_app(traced)) as asking:
        for path in ("/health", "/health/live", "/health/ready", "/metrics"):
            await asking.get(path)
    assert traced.tree() == []


@pytest.mark.parametrize("compiled", [False, True])
async def test_equal_fetches_are_one_whatever_their_traces_but_kept_ones_are_whole(compiled: bool) -> None:
    traced, go = _traced(share=0.0, parents="any"), asyncio.Event()

    class Held(Response):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await go.wait()
            await JSONResponse({"data": {"good": 1}})(scope, receive, send)

    async with upstream(answer=lambda _request: Held()) as peer:
        app = _over_http(peer.url, traced, compile_operations=compiled)
        go.set()
        for _ in range(2):
            await _ask(app, "{ good }")
        go.clear()
        flags = ((1, "00"), (2, "00"), (3, "01"), (4, "01"))
        parents = [f"00-{n:032x}-b7ad6b7169203331-{kept}" for n, kept in flags]
        asked = [
            asyncio.create_task(_ask(app, "{ good }", headers={"traceparent": parent})) for parent in parents
        ]
        await peer.until(lambda: len(peer.bodies) == 4)
        go.set()
        await asyncio.gather(*asked)
        assert len(peer.bodies) == 4  # two before, and of these four two
    assert {one.context.trace_id for one in traced.spans()} == {3, 4}


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """The access log's fields."""
    found: list[dict[str, Any]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.fields)  # type: ignore[attr-defined]

    handler, log = Kept(), logging.getLogger("gateway.access")
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield found
    log.removeHandler(handler)
    log.setLevel(level)


async def test_the_log_and_the_metrics_lead_to_the_trace(lines: list[dict[str, Any]]) -> None:
    app = _app(_traced())
    await _ask(app, headers={"traceparent": _PARENT})
    app.close()
    assert [one["trace_id"] for one in lines] == [_ID]
    async with client(app) as asking:
        plain = (await asking.get("/metrics")).text
        full = await asking.get("/metrics", headers={"accept": "application/openmetrics-text"})
    exemplar = f'# {{trace_id="{_ID}"}}'
    shown = {line.split("{")[0] for line in full.text.splitlines() if exemplar in line}
    assert shown == {
        "graphql_operation_duration_seconds_bucket",
        "http_server_request_duration_seconds_bucket",
    }
    assert "trace_id" not in plain


async def test_a_page_of_a_known_origin_may_send_its_trace() -> None:
    app = GatewayApp(parts(Subgraph(), GatewaySettings(cors_origins=("https://web.example",))))
    async with client(app) as asking:
        asked = {"origin": "https://web.example", "access-control-request-headers": "traceparent,tracestate"}
        allowed = (await asking.options("/graphql", headers=asked)).headers["access-control-allow-headers"]
    assert {"traceparent", "tracestate"} <= set(allowed.split(", "))
