"""``lets-connect up``: everything, in one process or in eight."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import uvloop
from prometheus_client import REGISTRY, start_http_server
from starlette.types import ASGIApp

from gateway.edge.server import Ending, serve, spare_collector
from gateway.telemetry.holds import LoopHolds
from gateway.telemetry.metrics import GatewayMetrics
from infra.domains import DOMAINS
from infra.logs import configure_logs
from infra.migrate import migrate
from infra.product import compose_domains, open_gateway, open_product, web_folder
from infra.seeding import seed
from infra.servers import Servers, open_servers
from infra.settings import PREFIX, Settings
from infra.subgraphs import load_domains
from infra.supervisor import Service, Supervisor, check_port
from infra.telemetry import open_telemetry
from subgraphs.kit.domain.declaration import Domain
from subgraphs.kit.domain.demo import PASSWORD, PEOPLE
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["add_command"]

_NEEDED = ("DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "SECRET_KEY", "TOKEN_KEY", "IDENTITY_KEY")
"""In production, for everything at once."""


def add_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "up",
        help="start everything: gateway, subgraphs, servers",
        description="Starts PostgreSQL and Valkey (unless LETS_CONNECT_DATABASE_URL and _REDIS_URL name others), "
        "migrates, loads demo data the first time, and serves the product. Ctrl-C stops all of it.",
    )
    parser.add_argument("--port", type=int, help="default: PORT or 8000")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--split",
        action="store_true",
        help=f"one process each: the gateway on the port, {', '.join(DOMAINS)} on those after it",
    )
    parser.add_argument(
        "--gateway-only",
        action="store_true",
        help="the product's gateway alone, before subgraphs that run elsewhere: LETS_CONNECT_SUPERGRAPH, "
        "_SUBGRAPH_URL_<NAME>, _IDENTITY_KEY and _TOKEN_JWKS_URL; needs no server",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(os.environ)
    if options.port is not None:
        settings = replace(settings, port=options.port)
    configure_logs(settings.log_format, settings.gateway.log_level)
    main = _split if options.split else _gateway_only if options.gateway_only else _one_process
    uvloop.run(main(settings, options.host))
    return 0


async def _one_process(settings: Settings, host: str) -> None:
    settings.require(*_NEEDED)
    check_port("the gateway", host, settings.port)
    gateway_metrics = GatewayMetrics(REGISTRY)
    metrics = Metrics(
        REGISTRY,
        errors=gateway_metrics.errors.metric,
        http=gateway_metrics.http_duration,
        measuring=settings.gateway.measure,
    )
    observing = open_telemetry("lets-connect", settings.gateway, REGISTRY, joined=True)
    async with open_servers(settings, attach=False) as servers, observing as telemetry:
        domains = load_domains()
        await _prepare(settings, servers, domains, metrics)
        async with open_product(settings, servers, domains, gateway_metrics, metrics, telemetry) as app:
            await _serve(app, settings, host, lambda: _announce(settings, host))


async def _split(settings: Settings, host: str) -> None:
    """The parent runs the servers and watches eight children, which find the servers by HOME."""
    settings.require(*_NEEDED)
    for number, name in enumerate(("gateway", *DOMAINS)):
        check_port(name, host if number == 0 else "127.0.0.1", settings.port + number)
    async with open_servers(settings, attach=False) as servers:
        domains = load_domains()
        await _prepare(settings, servers, domains, Metrics())
        urls = {name: f"http://127.0.0.1:{settings.port + 1 + n}/graphql" for n, name in enumerate(DOMAINS)}
        supergraph = settings.supergraph or settings.home / "supergraph.graphql"
        if settings.supergraph is None:
            supergraph.write_text(compose_domains(domains, urls))
        services = _services(settings, servers, host, urls, str(supergraph.resolve()))
        grace = settings.leave_seconds + settings.drain_seconds + 5
        supervisor = Supervisor(services, grace_seconds=grace)
        configure_logs(settings.log_format, settings.gateway.log_level, lambda: supervisor.pids().values())

        def ready() -> None:
            spare_collector()  # what is loaded is walked once more at the exit otherwise, for a second or several
            _announce(settings, host)

        await supervisor.run_until_signal(ready)


async def _gateway_only(settings: Settings, host: str) -> None:
    found = (f"SUBGRAPH_URL_{name.upper()}" for name in DOMAINS)
    settings.require("SUPERGRAPH", "IDENTITY_KEY", "TOKEN_JWKS_URL", *found)
    check_port("the gateway", host, settings.port)
    metrics = GatewayMetrics(REGISTRY)
    async with (
        open_telemetry("gateway", settings.gateway, REGISTRY) as telemetry,
        open_gateway(settings, settings.subgraph_urls, metrics, telemetry) as app,
    ):
        await _serve(app, settings, host, lambda: None)


def _services(
    settings: Settings, servers: Servers, host: str, urls: Mapping[str, str], supergraph: str
) -> list[Service]:
    command = (sys.executable, "-m", "infra")
    port = settings.port
    shared = {
        f"{PREFIX}HOME": str(settings.home.resolve()),
        f"{PREFIX}ENV": settings.environment,
        f"{PREFIX}SUPERGRAPH": supergraph,
        "PORT": str(port),
    }
    jwks = {f"{PREFIX}TOKEN_JWKS_URL": f"http://127.0.0.1:{port + 1}/.well-known/jwks.json"}
    found = {f"{PREFIX}SUBGRAPH_URL_{name.upper()}": url for name, url in urls.items()}
    services = [
        Service(
            name,
            (*command, "subgraph", name, "--port", str(port + 1 + n), "--prepared"),
            port + 1 + n,
            shared if name == "user" else shared | jwks,
        )
        for n, name in enumerate(DOMAINS)
    ]
    gateway = (*command, "up", "--gateway-only", "--host", host, "--port", str(port))
    environment = shared | jwks | found | {f"{PREFIX}REDIS_URL": servers.redis_url}
    return [*services, Service("gateway", gateway, port, environment, host)]


async def _prepare(settings: Settings, servers: Servers, domains: Sequence[Domain], metrics: Metrics) -> None:
    """Newest schema, and the demo where it is wanted; each says so when there is nothing to do, by silence."""
    changed = await migrate(domains, servers)
    if changed:
        print(f"Migrated {', '.join(changed)}.", flush=True)
    if settings.demo:
        async for name, seconds in seed(domains, settings, servers, metrics, "demo"):
            if seconds > 1:
                print(f"Drew and stored the demo of {name} in {seconds:.0f} s.", flush=True)


async def _serve(app: ASGIApp, settings: Settings, host: str, ready: Callable[[], None]) -> None:
    holds = LoopHolds(over=settings.gateway.loop_held_seconds)
    with _metrics_port(settings, host), holds.watched():
        ending = Ending(settings.leave_seconds, settings.drain_seconds)
        await serve(app, host, settings.port, ready=ready, guards=settings.gateway.guards, ending=ending)


@contextmanager
def _metrics_port(settings: Settings, host: str) -> Iterator[None]:
    """Metrics for operators on a port of their own, where one is set."""
    if settings.metrics_port is None:
        yield
        return
    check_port("the metrics", host, settings.metrics_port)
    server, thread = start_http_server(settings.metrics_port, host, REGISTRY)
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def _announce(settings: Settings, host: str) -> None:
    """Where it is, who can sign in, and last the word that it is there."""
    url = settings.public_url or f"http://{host}:{settings.port}"
    print(f"Let's Connect is at {url}", flush=True)
    if not (web_folder() / "index.html").is_file():
        print("The web app is not built; the API is at /graphql.", flush=True)
    if settings.demo:
        print(f"Sign in as {', '.join(p.handle for p in PEOPLE)} with the password {PASSWORD}", flush=True)
    print("ready", flush=True)
