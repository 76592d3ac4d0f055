"""The product in one process, asked for the pages of docs/queries as often as each line of input says."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from prometheus_client import REGISTRY

from gateway.telemetry.metrics import GatewayMetrics
from infra.migrate import migrate
from infra.product import open_product
from infra.seeding import seed
from infra.servers import Servers, open_servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.domain.demo import PEOPLE
from subgraphs.kit.telemetry.metrics import Metrics
from tests.benchmarks.execution.product import ask_page, caught_up, post, signed_in

__all__ = ["PAGES", "serve"]

PAGES = MappingProxyType(
    {"feed": {}, "product": {"slug": "celadon-bowl"}, "profile": {"handle": PEOPLE[2].handle}}
)
"""The pages, by the names of their files, and their variables."""
_BODIES = {
    page: json.dumps({"query": Path(f"docs/queries/{page}.graphql").read_text(), "variables": given}).encode()
    for page, given in PAGES.items()
}


async def serve(home: Path, sockets: Path | None) -> None:
    """Say when it is ready; then, for each line ``page count``, what that many pages took, as JSON.

    PostgreSQL is asked in the folder ``sockets``, where that is given.
    """
    settings = Settings.from_environment({**os.environ, "LETS_CONNECT_HOME": str(home)})
    gateway = GatewayMetrics(REGISTRY)
    metrics = Metrics(REGISTRY, errors=gateway.errors.metric, http=gateway.http_duration)
    domains = load_domains()
    async with open_servers(settings) as servers:
        await migrate(domains, servers)
        async for _ in seed(domains, settings, servers, metrics, "demo"):
            pass
        away = servers if sockets is None else _moved(servers, sockets)
        async with open_product(settings, away, domains, gateway, metrics) as app:
            token = await signed_in(app)
            await caught_up(lambda: ask_page(app, token))
            for page in PAGES:
                await _rounds(app, token, page, 10)
            gc.collect()
            gc.freeze()  # as the server does once its port answers
            print("ready", flush=True)
            while line := await asyncio.to_thread(sys.stdin.readline):
                page, count = line.split()
                print(json.dumps(await _rounds(app, token, page, int(count))), flush=True)


def _moved(servers: Servers, sockets: Path) -> Servers:
    moved = {
        name: f"{url.partition('?host=')[0]}?host={quote(str(sockets))}"
        for name, url in servers.database_urls.items()
    }
    return replace(servers, database_urls=moved)


async def _rounds(app: Any, token: str, page: str, count: int) -> dict[str, Any]:
    seconds: list[float] = []
    began = time.process_time()
    with counted_statements() as statements:
        for _ in range(count):
            asked = time.perf_counter()
            answer = await post(app, _BODIES[page], authorization=f"Bearer {token}")
            seconds.append(time.perf_counter() - asked)
            if b'"errors"' in answer or b'"data":{"product":null' in answer:
                raise RuntimeError(f"The page is not what it should be: {answer[:500]!r}")
    cpu = (time.process_time() - began) / count
    return {"seconds": seconds, "cpu": cpu, "statements": len(statements) / count}
