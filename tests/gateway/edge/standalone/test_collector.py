"""The gateway with a collector, and with one that is away."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.gateway.edge.serving import served
from tests.gateway.edge.standalone.process import started, write_supergraph
from tests.gateway.edge.upstream import upstream


class _Collector:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.spans: dict[str, str] = {}
        self.service = ""

    async def take(self, request: Request) -> Response:
        sent = ExportTraceServiceRequest.FromString(await request.body())
        for resource in sent.resource_spans:
            attributes = {one.key: one.value.string_value for one in resource.resource.attributes}
            self.service = attributes["service.name"]
            for scope in resource.scope_spans:
                self.spans |= {span.name: span.trace_id.hex() for span in scope.spans}
        return Response(b"", media_type="application/x-protobuf")


async def test_the_gateway_by_itself_exports_what_it_keeps(tmp_path: Path) -> None:
    collector = _Collector()
    app = Starlette(routes=[Route("/v1/traces", collector.take, methods=["POST"])])
    async with upstream(answer=lambda _request: {"data": {"one": 1}}) as peer, served(app) as port:
        file = write_supergraph(tmp_path / "supergraph.graphql", peer.url)
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_SERVICE_NAME": "the-gateway",
            "OTEL_BSP_SCHEDULE_DELAY": "50",
            "LETS_CONNECT_GATEWAY_TRACE_SHARE": "1",
        }
        with started("--supergraph", file, **environment) as gateway:
            assert await gateway.ask("{ one }") == {"data": {"one": 1}}
            async with asyncio.timeout(60):
                while len(collector.spans) < 6:  # noqa: ASYNC110 - they come from another process
                    await asyncio.sleep(0.02)
    assert collector.service == "the-gateway"
    phases = {"graphql.parse", "graphql.validate", "graphql.plan", "graphql.execute"}
    assert set(collector.spans) == {"POST /graphql", "query", *phases}
    assert len(set(collector.spans.values())) == 1


async def test_a_collector_that_is_away_costs_spans_and_no_answer(tmp_path: Path) -> None:
    async with upstream(answer=lambda _request: {"data": {"one": 1}}) as peer:
        file = write_supergraph(tmp_path / "supergraph.graphql", peer.url)
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
            "OTEL_BSP_SCHEDULE_DELAY": "50",
            "OTEL_BSP_MAX_QUEUE_SIZE": "20",
            "LETS_CONNECT_LOG_LEVEL": "error",  # nobody reads it, and a line for each request may fill the pipe
            "LETS_CONNECT_GATEWAY_TRACE_SHARE": "1",
        }
        with started("--supergraph", file, **environment) as gateway:
            async with asyncio.timeout(60):
                while not {"failed", "queue_full"} <= await _lost(gateway.url):
                    asked = await asyncio.gather(*(gateway.ask("{ one }") for _ in range(20)))
                    assert asked == [{"data": {"one": 1}}] * 20


async def _lost(url: str) -> set[str]:
    async with httpx.AsyncClient() as client:
        metrics = (await client.get(url.replace("/graphql", "/metrics"))).text
    found = re.findall(r'^trace_spans_total\{result="(\w+)"\} (\S+)$', metrics, re.MULTILINE)
    return {result for result, count in found if float(count)}
