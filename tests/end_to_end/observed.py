"""A product that is watched: split, under load, with a collector for its traces."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.end_to_end.product import ROOT, Product, start_product
from tests.media_core.photographs import encoded, scene

__all__ = ["CALLER", "CollectedSpan", "Collector", "Observed", "collecting", "observed_product"]

CALLER = "b7ad6b7169203331"
"""The span that tests call from."""
_SAY = """mutation Say { createPost(input: {body: "hello", visibility: PUBLIC, mediaIds: []}) {
  post { id } userErrors { code } } }"""
_FEED = (ROOT / "docs" / "queries" / "feed.graphql").read_text()


@dataclass(frozen=True)
class CollectedSpan:
    """A span as it arrived. Ids are hexadecimal; ``parent`` is empty at the root."""

    service: str
    name: str
    kind: int
    trace: str
    id: str
    parent: str
    attributes: dict[str, Any]
    seconds: float
    failed: bool


@dataclass
class Collector:
    """Takes what is sent by OTLP over HTTP."""

    port: int = 0
    spans: list[CollectedSpan] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, body: bytes) -> None:
        sent = ExportTraceServiceRequest.FromString(body)
        with self.arrived:
            for resource in sent.resource_spans:
                service = str(_values(resource.resource.attributes)["service.name"])
                for scope in resource.scope_spans:
                    self.spans += [_collected(service, span) for span in scope.spans]
            self.arrived.notify_all()

    def trace(self, trace: str, *names: str) -> list[CollectedSpan]:
        """The spans of a trace, once those of these names are among them and each service has told its part.

        Waits for a minute at most: each process exports by itself, in its own time.
        """

        def found() -> list[CollectedSpan]:
            return [span for span in self.spans if span.trace == trace]

        def whole() -> bool:
            spans = found()
            return set(names) <= {s.name for s in spans} and not _untold(spans)

        with self.arrived:
            came = self.arrived.wait_for(whole, 60)
            assert came, (names, _untold(found()), sorted({(s.service, s.name) for s in found()}))
            return found()


def _untold(spans: list[CollectedSpan]) -> list[CollectedSpan]:
    """The spans whose other end is still to come: what was asked of another service, and what lies within another."""
    parents = {span.parent for span in spans}
    ids = {span.id for span in spans}
    asked = [s for s in spans if "gateway.subgraph.name" in s.attributes and s.id not in parents]
    within = [s for s in spans if s.parent not in ids and s.parent != CALLER]
    return asked + within


def _collected(service: str, span: Any) -> CollectedSpan:
    seconds = (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9
    ids = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
    attributes = _values(span.attributes)
    return CollectedSpan(service, span.name, span.kind, *ids, attributes, seconds, span.status.code == 2)


def _values(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a port of its own."""
    collector = Collector()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    collector.port = server.server_port
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


@dataclass
class Observed:
    """The product, what it exports, and someone who uses it."""

    product: Product
    collector: Collector
    token: str = ""

    def feed(self, **headers: str) -> Any:
        """A page of docs/queries/feed.graphql."""
        return self.product.post(_FEED, {"first": 5}, self.token, **headers)

    def upload(self, picture: bytes, **headers: str) -> httpx.Response:
        """By the form, as a picture that nobody else sees."""
        given = {"authorization": f"Bearer {self.token}", **headers}
        files, data = {"file": ("p.jpg", io.BytesIO(picture), "image/jpeg")}, {"visibility": "private"}
        return httpx.post(f"{self.product.url}/upload", headers=given, files=files, data=data)

    def post_something(self, **headers: str) -> Any:
        """A mutation that other domains hear of."""
        return self.product.post(_SAY, {}, self.token, **headers)

    def use(self, seconds: float = 0.0) -> None:
        """A bit of everything, wrong things too, for so long."""
        until = time.monotonic() + seconds
        while True:
            assert "errors" not in self.feed()
            assert self.post_something()["data"]["createPost"]["userErrors"] == []
            assert self.upload(encoded(scene(64, 48, seed=int(time.time())), "JPEG")).status_code < 300
            assert self.upload(b"no picture").status_code >= 400
            assert self.product.post(_SAY)["errors"], "who has not signed in says nothing"
            assert self.product.post("{ nonsense }")["errors"]
            if time.monotonic() >= until:
                return

    def scrapes(self) -> dict[str, str]:
        """What each of the eight processes tells, by its port."""
        ports = range(self.product.port, self.product.port + 8)
        return {str(p): httpx.get(f"http://127.0.0.1:{p}/metrics").text for p in ports}


@contextmanager
def observed_product(home: Path) -> Iterator[Observed]:
    """Split, exporting to a collector, used once."""
    with collecting() as collector:
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "LETS_CONNECT_GATEWAY_TRACE_PARENTS": "any",
        }
        product = start_product(home, "--split", **environment)
        try:
            used = Observed(product, collector, product.login())
            used.use()
            yield used
        finally:
            product.stop()
