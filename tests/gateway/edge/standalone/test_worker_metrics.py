"""Workers count, their parent tells: on its own port and through any of them, and what one counted outlives it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from multiprocessing.connection import wait
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry, Counter

from gateway.edge.standalone.worker_metrics import WorkerMetrics
from tests.gateway.edge.standalone.process import Gateway, started, write_supergraph
from tests.gateway.edge.upstream import upstream
from tests.ports import free_ports


async def _metrics(url: str, **headers: str) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(url, headers=headers)).text


def _operations(text: str) -> float:
    counted = re.findall(r"^graphql_operation_duration_seconds_count\{.*\} (\S+)$", text, re.MULTILINE)
    return sum(map(float, counted))


def _workers(text: str) -> set[str]:
    return set(re.findall(r'^process_start_time_seconds\{worker="(\d)"\}', text, re.MULTILINE))


async def _counted(url: str, operations: int) -> None:
    """Ask until both workers have told these: one that does not answer within a second is told as of before."""
    async with asyncio.timeout(60):
        while (_operations(told := await _metrics(url)), _workers(told)) != (operations, {"0", "1"}):
            pass


async def _replaced(gateway: Gateway, gone: int) -> None:
    async with asyncio.timeout(60):
        while gone in gateway.children() or len(gateway.children()) < 2:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def test_the_parent_tells_what_all_workers_counted(tmp_path: Path) -> None:
    port = free_ports()
    environment = {"LETS_CONNECT_METRICS_PORT": str(port), "LETS_CONNECT_GATEWAY_TRACE_SHARE": "1"}
    async with upstream(answer=lambda _request: {"data": {"one": 1}}) as peer:
        file = write_supergraph(tmp_path / "supergraph.graphql", peer.url)
        with started("--supergraph", file, "--workers", "2", **environment) as gateway:
            own, shared = f"http://127.0.0.1:{port}/metrics", gateway.url.replace("/graphql", "/metrics")
            for _ in range(20):
                await gateway.ask("{ one }")
            await _counted(own, 20)
            for _ in range(4):
                await _counted(shared, 20)
            gone = gateway.children()[0]
            os.kill(gone, signal.SIGKILL)
            await _replaced(gateway, gone)
            await gateway.ask("{ one }")
            await _counted(own, 21)
            rich = await _metrics(own, accept="application/openmetrics-text")
            assert rich.endswith("# EOF\n")


def test_a_worker_tells_unasked_so_that_little_dies_with_it() -> None:
    registry = CollectorRegistry()
    counted = Counter("asked", "Requests", registry=registry)
    parent = WorkerMetrics("127.0.0.1", None)
    ends = parent.ends(0)
    ends.serve(registry, every=0.05)
    counted.inc(3)
    told = ""
    while "asked_total 3.0" not in told:
        ready = wait(parent.waiting_on(), timeout=60)
        assert ready, "nothing was told"
        parent.serve(ready)
        told = _without_workers(parent)


def test_what_a_worker_told_last_is_read_when_it_is_gone() -> None:
    registry = CollectorRegistry()
    Counter("asked", "Requests", registry=registry).inc(4)
    parent = WorkerMetrics("127.0.0.1", None)
    ends = parent.ends(0)
    ends.serve(registry, every=600)
    parent._told[0].send_bytes(b"?")
    assert wait([parent._told[0]], timeout=60)
    parent.left(0)
    assert "asked_total 4.0" in _without_workers(parent)


def _without_workers(parent: WorkerMetrics) -> str:
    """What is known without asking them."""
    asked, parent._told = parent._told, {}
    try:
        return parent.told("")[0].decode()
    finally:
        parent._told = asked


def test_a_worker_that_does_not_answer_is_asked_once_and_told_of_when_it_does() -> None:
    registry = CollectorRegistry()
    Counter("late", "Requests", registry=registry).inc(3)
    parent = WorkerMetrics("127.0.0.1", None)
    ends = parent.ends(0)
    assert [b"late_total" in parent.told("")[0] for _ in range(2)] == [False, False]
    assert ends.told.recv_bytes() == b"?"
    assert not ends.told.poll()
    parent.left(0)
    ends = parent.ends(0)
    ends.serve(registry)
    while b"late_total 3.0" not in parent.told("")[0]:
        pass  # its thread has not begun yet
