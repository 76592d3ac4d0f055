"""What operators look at is there: every metric that is named, a trace of a page and of an upload, a real Prometheus."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from gateway.config import GatewaySettings, Guards
from infra.monitoring.__main__ import FOLDER
from tests.end_to_end.observed import CALLER, CollectedSpan, Observed, observed_product
from tests.end_to_end.product import ROOT
from tests.infra.monitoring.linting import expressions, metrics_of
from tests.media_core.photographs import encoded, scene
from tests.ports import free_ports

pytestmark = pytest.mark.slow

_MONITORING = ROOT / "infra" / "monitoring"
_SECONDS = float(os.environ.get("LETS_CONNECT_TEST_LOAD_SECONDS", "15"))
"""Of load before Prometheus is asked: a minute for a demonstration."""
_NAME = re.compile(r"(?<![\w:])[a-z][a-z0-9]*(?:_[a-z0-9]+)*_(?:total|seconds|bytes|bucket|count|sum)\b")
_SUFFIXES = re.compile(r"_(?:bucket|count|sum)$")
_INTERNAL, _SERVER, _CLIENT, _PRODUCER, _CONSUMER = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    with observed_product(tmp_path_factory.mktemp("observed") / "home") as running:
        yield running


def _told(observed: Observed) -> set[str]:
    """Every family that any process tells of."""
    text = "\n".join(observed.scrapes().values())
    return set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))


def _rules() -> list[dict[str, Any]]:
    files = (_MONITORING / "prometheus" / "rules").glob("*.yml")
    groups = [group for file in files for group in yaml.safe_load(file.read_text())["groups"]]
    return [rule for group in groups for rule in group["rules"]]


def _named() -> dict[str, set[str]]:
    """Metrics by where they are named; what is recorded is made by Prometheus."""
    recorded = {rule["record"] for rule in _rules() if "record" in rule}
    asked = {path.name: set(expressions(json.loads(path.read_text()))) for path in FOLDER.iterdir()}
    asked["rules"] = {str(rule["expr"]) for rule in _rules()}
    named = {place: {n for text in texts for n in metrics_of(text)} for place, texts in asked.items()}
    for document in [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*/*.md")]:
        code = re.findall(r"`[^`]+`", document.read_text())
        named[document.name] = {name for text in code for name in _metrics(text)}
    return {
        place: {_SUFFIXES.sub("", name) for name in names if name not in recorded}
        for place, names in named.items()
    }


_SELECTED = re.compile(r"(?<![\w:])([a-z][\w]*)(?=\{|\[)")


def _metrics(text: str) -> set[str]:
    """The names of metrics in an expression, or in prose that quotes one."""
    return set(_NAME.findall(text)) | (
        set(_SELECTED.findall(text)) if "rate(" in text or "$job" in text else set()
    )


def test_every_metric_that_is_named_is_told(observed: Observed) -> None:
    told = {_SUFFIXES.sub("", name) for name in _told(observed)}
    others = {"up"} | {f.name for kind in (GatewaySettings, Guards) for f in fields(kind)}
    missing = {place: names - told - others for place, names in _named().items()}
    assert {place: names for place, names in missing.items() if names} == {}


def test_every_metric_that_is_told_is_documented(observed: Observed) -> None:
    document = (ROOT / "docs" / "observability.md").read_text()
    ours = {name for name in _told(observed) if not name.startswith(("python_", "process_"))}
    ours = {name for name in ours if not name.endswith("_created")}
    assert {name for name in ours if f"`{name}`" not in document} == set()


@pytest.mark.debian("prometheus", program="promtool")
def test_promtool_finds_nothing_to_mend(observed: Observed) -> None:
    for port, text in observed.scrapes().items():
        told = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        assert (told.returncode, told.stdout + told.stderr) == (0, ""), port


def test_each_line_of_what_is_told_is_one_of_the_format(observed: Observed) -> None:
    for text in observed.scrapes().values():
        assert not re.search(r"^# TYPE \S+ untyped$", text, re.MULTILINE)
        for line in text.splitlines():
            assert line.startswith("#") or re.fullmatch(
                r"[a-z_]+(?:\{.*\})? (?:[-+.\de]+|NaN|[+-]Inf)", line
            ), line


def _children(spans: list[CollectedSpan], parent: CollectedSpan) -> list[CollectedSpan]:
    return [span for span in spans if span.parent == parent.id]


def _one(spans: list[CollectedSpan], name: str, service: str) -> CollectedSpan:
    found = [span for span in spans if (span.name, span.service) == (name, service)]
    assert found, (name, service, sorted({(s.name, s.service) for s in spans}))
    return found[0]


def _whole(spans: list[CollectedSpan], root: str) -> None:
    """Each span's parent is there, and it lies within it; a server may still be busy when its client has the answer."""
    by_id = {span.id: span for span in spans}
    for span in spans:
        assert span.parent == root or span.parent in by_id, span
        if span.parent in by_id and span.kind not in (_PRODUCER, _CONSUMER, _SERVER):
            assert span.seconds <= by_id[span.parent].seconds + 0.005, (span, by_id[span.parent])


_PARENT = f"00-{{trace}}-{CALLER}-01"


def test_a_feed_page_is_one_trace(observed: Observed) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    assert "errors" not in observed.feed(traceparent=_PARENT.format(trace=trace))
    spans = observed.collector.trace(trace, "POST /graphql", "query", "graphql.execute", "load media", "MGET")
    _whole(spans, CALLER)
    request = next(s for s in spans if s.service == "gateway" and s.parent == CALLER)
    assert (request.name, request.kind) == ("POST /graphql", _SERVER)
    assert request.attributes["http.route"] == "/graphql"
    (operation,) = _children(spans, request)
    assert (operation.name, operation.attributes["graphql.operation.name"]) == ("query", "Feed")
    execution = next(s for s in _children(spans, operation) if s.name == "graphql.execute")
    fetches = _children(spans, execution)
    assert {s.attributes["gateway.subgraph.name"] for s in fetches} >= {"user", "content", "media"}
    for fetch in fetches:
        assert fetch.kind == _CLIENT
        (door,) = _children(spans, fetch)
        assert (door.name, door.kind, door.service) == (
            "POST /graphql",
            _SERVER,
            fetch.attributes["gateway.subgraph.name"],
        )
        (resolved,) = _children(spans, door)
        assert (resolved.name, resolved.attributes["graphql.operation.type"]) == ("query", "query")
    for span in spans:
        _check_names(span)


def test_each_service_writes_a_line_of_a_request_that_its_trace_joins(observed: Observed) -> None:
    trace = "3af7651916cd43dd8448eb211c80319c"
    assert "errors" not in observed.feed(traceparent=_PARENT.format(trace=trace))
    services = (f" subgraphs.access: {name} " for name in ("user", "content", "media"))
    lines = _lines_once(observed, trace, " gateway.access: ", *services)
    assert len([line for line in lines if " gateway.access: " in line]) == 1
    assert all(" POST /graphql 200 " in line for line in lines)


def _lines_once(observed: Observed, trace: str, *written: str) -> list[str]:
    """The log's lines of a trace, once there is one of each: who is asked may have the answer before the line is written."""
    home = observed.product.home
    log, end = home.parent / f"{home.name}.log", time.monotonic() + 60
    while True:
        lines = [line for line in log.read_text().splitlines() if trace in line]
        if all(any(each in line for line in lines) for each in written):
            return lines
        assert time.monotonic() < end, lines
        time.sleep(0.05)


def test_an_upload_is_one_trace_with_its_stages_and_its_event(observed: Observed) -> None:
    trace = "1af7651916cd43dd8448eb211c80319c"
    picture = encoded(scene(320, 200, seed=77), "JPEG")
    assert observed.upload(picture, traceparent=_PARENT.format(trace=trace)).status_code < 300
    stages = ["image queue", "image decode", "image resize", "image encode"]
    spans = observed.collector.trace(
        trace, "POST /upload", *stages, "INSERT outbox", "send events:media", "XADD"
    )
    request = next(s for s in spans if s.service == "gateway" and s.name == "POST /upload")
    door = _one(spans, "POST /upload", "media")
    assert (request.parent, door.parent) == (CALLER, request.id)
    inside = {s.name for s in _children(spans, door)}
    assert {*stages, "INSERT outbox", "INSERT media_files"} <= inside
    sent = _one(spans, "send events:media", "media")
    assert (sent.kind, sent.parent) == (_PRODUCER, door.id)
    assert [s.name for s in _children(spans, sent)] == ["XADD"]
    for span in spans:
        _check_names(span)


def test_an_event_is_followed_to_the_domains_that_hear_it(observed: Observed) -> None:
    trace = "2af7651916cd43dd8448eb211c80319c"
    observed.post_something(traceparent=_PARENT.format(trace=trace))
    spans = observed.collector.trace(trace, "send events:content", "process events:content")
    sent = _one(spans, "send events:content", "content")
    heard = [s for s in spans if s.name == "process events:content"]
    assert {s.parent for s in heard} == {sent.id}
    assert all(s.kind == _CONSUMER and s.service != "content" for s in heard)
    assert heard[0].attributes["messaging.message.id"] == sent.attributes["messaging.message.id"]
    assert _children(spans, heard[0])
    for span in spans:
        _check_names(span)


def test_the_events_of_a_subscription_hang_on_its_stream(observed: Observed) -> None:
    trace, heard = "4af7651916cd43dd8448eb211c80319c", threading.Event()

    def say() -> None:
        while not heard.wait(0.3):
            observed.post_something()

    saying = threading.Thread(target=say)
    saying.start()
    headers = {
        "authorization": f"Bearer {observed.token}",
        "accept": "text/event-stream",
        "traceparent": _PARENT.format(trace=trace),
    }
    body = {"query": "subscription Live { feedUpdated { id } }"}
    try:
        url = f"{observed.product.url}/graphql"
        with httpx.stream("POST", url, json=body, headers=headers) as stream:
            assert any(line.startswith("event: next") for line in stream.iter_lines())
    finally:
        heard.set()
        saying.join()
    spans = observed.collector.trace(trace, "POST /graphql", "subscription", "graphql.execute")
    _whole(spans, CALLER)
    event = _one(spans, "subscription", "content")
    stream_of = next(s for s in spans if s.id == event.parent)
    assert (stream_of.service, stream_of.attributes["gateway.subgraph.name"]) == ("gateway", "content")
    assert (stream_of.name, stream_of.attributes["http.response.status_code"]) == ("GET /graphql", 101)
    execution = next(s for s in spans if s.id == stream_of.parent)
    operation = next(s for s in spans if s.id == execution.parent)
    assert (execution.name, operation.name) == ("graphql.execute", "subscription")
    for span in spans:
        _check_names(span)


_KNOWN = re.compile(
    r"http\.(request\.method|response\.status_code|route)|url\.(path|scheme|full|template)"
    r"|server\.(address|port)|network\.protocol\.version|error\.type|graphql\.operation\.(name|type)"
    r"|db\.(system\.name|namespace|operation\.name|query\.summary|collection\.name|response\.status_code)"
    r"|messaging\.(system|operation\.(name|type)|destination\.name|message\.id|consumer\.group\.name)"
    r"|(gateway|dataloader|image|event)\.[a-z.]+"
)
"""OpenTelemetry's names (semantic conventions 1.41), and ours for what they have none for."""
_NEEDED = {
    "db.system.name": {"db.operation.name", "db.query.summary"},
    "messaging.system": {
        "messaging.operation.name",
        "messaging.operation.type",
        "messaging.destination.name",
        "messaging.message.id",
    },
    "http.request.method": {"http.response.status_code", "server.address", "server.port"},
}


def _check_names(span: CollectedSpan) -> None:
    assert all(_KNOWN.fullmatch(name) for name in span.attributes), span
    for name, needed in _NEEDED.items():
        if name in span.attributes and not (name == "http.request.method" and span.kind == _SERVER):
            assert needed <= set(span.attributes), span
    if "db.system.name" in span.attributes:
        assert span.kind == _CLIENT
        assert span.name == span.attributes["db.query.summary"]
    if "messaging.system" in span.attributes:
        named = span.attributes["messaging.operation.name"], span.attributes["messaging.destination.name"]
        assert span.name == " ".join(named)


@contextmanager
def _prometheus(observed: Observed, folder: Path) -> Iterator[str]:
    """Debian's, on the configuration that is ours but for the ports and how often it looks."""
    config = yaml.safe_load((_MONITORING / "prometheus" / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "5s", "scrape_timeout": "5s", "evaluation_interval": "5s"}
    config["rule_files"] = [str(_MONITORING / "prometheus" / "rules" / "*.yml")]
    del config["alerting"]
    for number, target in enumerate(config["scrape_configs"][0]["static_configs"]):
        target["targets"] = [f"127.0.0.1:{observed.product.port + number}"]
    file, port = folder / "prometheus.yml", free_ports(1)
    file.write_text(yaml.safe_dump(config))
    command = [
        "prometheus",
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--storage.tsdb.retention.time=30d",
        "--enable-feature=exemplar-storage",
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while not _ready(port):
            assert time.monotonic() < until, (folder / "log").read_text()[-2000:]
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/api/v1"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/-/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.debian("prometheus", program="prometheus")
def test_a_real_prometheus_answers_each_query_of_the_overview(observed: Observed, tmp_path: Path) -> None:
    overview = json.loads((FOLDER / "lets-connect-overview.json").read_text())
    with _prometheus(observed, tmp_path) as api:
        observed.use(_SECONDS)
        asked = [*expressions(overview), "http_requests_total"]

        def unanswered() -> list[str]:
            observed.use()  # a rate is of the last minute
            return [e for e in asked if not _ask(api, e)]

        _until(unanswered, [])
        _until(lambda: _ask(api, 'sum(up{job=~"$job",instance=~"$instance"})'), [8.0])
        exemplars = httpx.get(
            f"{api}/query_exemplars",
            params={
                "query": "graphql_operation_duration_seconds_bucket",
                "start": time.time() - 600,
                "end": time.time(),
            },
        ).json()
        assert any("trace_id" in e["labels"] for series in exemplars["data"] for e in series["exemplars"])


def _until(ask: Callable[[], Any], expected: Any) -> None:
    """Prometheus looks every five seconds, and on a busy machine not always in time."""
    end = time.monotonic() + 180
    while (told := ask()) != expected:
        assert time.monotonic() < end, told
        time.sleep(0.2)


def _ask(api: str, expression: str) -> list[float]:
    """The numbers that a query answers, as Grafana would ask it."""
    for name, value in {"$job": ".+", "$instance": ".+", "$__rate_interval": "1m"}.items():
        expression = expression.replace(name, value)
    answer = httpx.get(f"{api}/query", params={"query": expression}).json()
    assert answer["status"] == "success", (expression, answer)
    values = [float(series["value"][1]) for series in answer["data"]["result"]]
    return [value for value in values if value == value]
