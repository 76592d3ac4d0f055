"""The product as ``lets-connect up`` puts it together, asked for feed pages, ten at each line of input."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from prometheus_client import REGISTRY

from gateway.edge.server import spare_collector
from gateway.telemetry.metrics import GatewayMetrics
from infra.logs import configure_logs
from infra.migrate import migrate
from infra.product import open_product
from infra.seeding import seed
from infra.servers import open_servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from infra.telemetry import open_telemetry
from subgraphs.kit.telemetry.metrics import Metrics
from tests.benchmarks.execution.product import ask_page, caught_up, signed_in

__all__ = ["serve_rounds"]

_PAGES = 10


async def serve_rounds(home: Path) -> None:
    """Say when it is ready, then the CPU seconds of a page for each line that comes."""
    settings = Settings.from_environment({**os.environ, "LETS_CONNECT_HOME": str(home)})
    configure_logs(settings.log_format, settings.gateway.log_level)
    gateway = GatewayMetrics(REGISTRY)
    metrics = Metrics(
        REGISTRY,
        errors=gateway.errors.metric,
        http=gateway.http_duration,
        measuring=settings.gateway.measure,
    )
    domains = load_domains()
    async with (
        open_servers(settings) as servers,
        open_telemetry("lets-connect", settings.gateway, REGISTRY, joined=True) as telemetry,
    ):
        await migrate(domains, servers)
        async for _ in seed(domains, settings, servers, metrics, "demo"):
            pass
        async with open_product(settings, servers, domains, gateway, metrics, telemetry) as app:
            token = await signed_in(app)
            await caught_up(lambda: ask_page(app, token))
            for _ in range(30):
                await ask_page(app, token)
            spare_collector()  # as the server does once its port answers
            print("ready", flush=True)
            while await asyncio.to_thread(sys.stdin.readline):
                began = time.process_time()
                for _ in range(_PAGES):
                    await ask_page(app, token)
                print((time.process_time() - began) / _PAGES, flush=True)
