"""``lets-connect subgraph NAME``: one subgraph alone, or its federated schema."""

from __future__ import annotations

import argparse
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvloop
from starlette.types import ASGIApp

from gateway.edge.server import Ending, serve
from gateway.telemetry.exposition import exposing
from gateway.telemetry.holds import LoopHolds
from gateway.telemetry.logs import Pseudonyms
from infra.access_log import AccessLog
from infra.domains import DOMAINS
from infra.logs import configure_logs
from infra.migrate import check_migrated, migrate
from infra.opening import Opening
from infra.operations import asked_of_subgraphs
from infra.ops.figures import readings
from infra.ops.part_doors import part_routes
from infra.ops.recorder import Recorder
from infra.ops.telling import Telling
from infra.product import read_supergraph
from infra.profile_door import profile_routes
from infra.servers import open_servers
from infra.settings import Settings
from infra.subgraphs import domain_settings, load_domain, needed_by
from infra.supervisor import check_port
from infra.telemetry import Telemetry, open_telemetry
from subgraphs.kit.serving.app import create_app
from subgraphs.kit.serving.service import open_service
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["add_command"]


def add_command(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "subgraph",
        help="serve one subgraph, or print its schema",
        description="Serves one domain over HTTP: /graphql for a gateway that signs identities, /health, "
        "/metrics. Its database is brought up to date first. It is live at once, and ready when database and cache "
        "answer.",
    )
    parser.add_argument("name", choices=DOMAINS, metavar="NAME", help=", ".join(DOMAINS))
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, help="default: the gateway's plus its number, as up --split has it"
    )
    parser.add_argument("--print-schema", action="store_true", help="print the federated SDL and exit")
    parser.add_argument(
        "--prepared", action="store_true", help="do not migrate: wait until the database is up to date"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if options.print_schema:
        print(load_domain(options.name).schema.as_str())
        return 0
    uvloop.run(_serve(options))
    return 0


async def _serve(options: argparse.Namespace) -> None:
    settings = Settings.from_environment(os.environ)
    settings.require(*needed_by(options.name))
    configure_logs(settings.log_format, settings.gateway.log_level)
    metrics = Metrics(measuring=settings.gateway.measure)
    port = options.port or settings.port + 1 + DOMAINS.index(options.name)
    check_port(options.name, options.host, port)
    ending = Ending(settings.leave_seconds, settings.drain_seconds)

    def opened() -> None:
        if not options.prepared:  # under ``up --split`` the parent alone says that all are ready
            print(f"{options.name} ready", flush=True)

    async with open_telemetry(options.name, settings.gateway, metrics.registry) as telemetry:
        opening = Opening(options.name, lambda: _open(options, settings, metrics, telemetry))
        await opening.run(lambda app: serve(app, options.host, port, ending=ending), opened)


@asynccontextmanager
async def _open(
    options: argparse.Namespace, settings: Settings, metrics: Metrics, telemetry: Telemetry
) -> AsyncIterator[ASGIApp]:
    domain = load_domain(options.name)
    async with open_servers(settings, [domain.name]) as servers:
        await (check_migrated(domain, servers) if options.prepared else migrate([domain], servers))
        own = domain_settings(settings, servers, domain.name)
        async with open_service(domain, own, metrics, telemetry.spans) as service:
            if settings.supergraph is not None:
                asked = asked_of_subgraphs(read_supergraph(settings.supergraph), settings)
                service.expect(asked.get(domain.name, ()))
            recorder = Recorder(readings(metrics), settings.ops)
            doors = [*profile_routes(service), *part_routes(service, Telling(recorder, telemetry.recent))]
            told = AccessLog(domain.name, Pseudonyms(own.secret_key)) if settings.gateway.access_log else None
            holds = LoopHolds(metrics.registry, over=settings.gateway.loop_held_seconds)
            async with recorder.running():
                with holds.watched():
                    yield create_app(service, metrics, exposing(metrics.registry), doors, told)
