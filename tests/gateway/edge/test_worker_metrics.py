"""Workers count, their parent tells: on its own port and through any of them, and what one counted outlives it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from pathlib import Path

import httpx

from tests.gateway.edge.standalone import Gateway, started, write_supergraph
from tests.gateway.edge.upstream import upstream
from tests.ports import free_ports


async def _metrics(url: str, **headers: str) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(url, headers=headers)).text


def _operations(text: str) -> float:
    counted = re.findall(r"^graphql_operation_duration_seconds_count\{.*\} (\S+)$", text, re.MULTILINE)
    return sum(map(float, counted))


async def _replaced(gateway: Gateway, gone: int) -> None:
    async with asyncio.timeout(20):
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
            told = await _metrics(own)
            assert _operations(told) == 20
            assert set(re.findall(r'^process_start_time_seconds\{worker="(\d)"\}', told, re.MULTILINE)) == {
                "0",
                "1",
            }
            assert all([_operations(await _metrics(shared)) == 20 for _ in range(4)])
            gone = gateway.children()[0]
            os.kill(gone, signal.SIGKILL)
            await _replaced(gateway, gone)
            await gateway.ask("{ one }")
            assert _operations(await _metrics(own)) == 21
            rich = await _metrics(own, accept="application/openmetrics-text")
            assert rich.endswith("# EOF\n")
