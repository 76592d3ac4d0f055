"""``lets-connect gateway``: the gateway alone, on any supergraph."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from gateway.config import ConfigError, GatewaySettings, read_config
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.edge.server import serve
from gateway.supergraph import InvalidSupergraph, load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import HttpTransport, Limits

__all__ = ["add_gateway_command"]


def add_gateway_command(subparsers: Any) -> None:
    """Register the command; ``run`` answers the exit code."""
    parser = subparsers.add_parser(
        "gateway",
        help="serve any supergraph",
        description="Serves /graphql over any supergraph, composed here or elsewhere. Callers are anonymous; "
        "no database, no Redis and no keys are needed. LETS_CONNECT_ENV=production shuts introspection and the "
        "explorer.",
    )
    parser.add_argument("--supergraph", type=Path, required=True, metavar="FILE", help="supergraph SDL")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings as YAML or JSON")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT") or 8000), help="default: PORT or 8000"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="K", help="processes (default: 1)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        sdl = options.supergraph.read_text()
        load_supergraph(sdl)
        settings = _settings(options)
        listening = _listen(options.host, options.port)
    except (OSError, UnicodeDecodeError) as error:
        print(f"lets-connect gateway: {error}", file=sys.stderr)
        return 1
    except (InvalidSupergraph, ConfigError) as error:
        print(f"lets-connect gateway: {options.supergraph}: {error}", file=sys.stderr)
        return 1
    address = f"http://{options.host}:{listening.getsockname()[1]}/graphql"
    if options.workers > 1:
        return _workers(options.workers, sdl, settings, listening, address)
    _work(sdl, settings, listening, address)
    return 0


def _settings(options: argparse.Namespace) -> GatewaySettings:
    production = os.environ.get("LETS_CONNECT_ENV") == "production"
    base = GatewaySettings(
        introspection=not production,
        explorer=not production,
        suggestions=not production,
        limit_loopback=production,
        metrics=not production,
    )
    return read_config(options.config, base) if options.config else base


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening


def _work(sdl: str, settings: GatewaySettings, listening: socket.socket, address: str | None) -> None:
    import uvloop

    async def main() -> None:
        supergraph = load_supergraph(sdl)
        metrics = GatewayMetrics()
        limits = Limits(total_seconds=settings.subgraph_timeout)
        transports = {
            name: HttpTransport(name, info.url, limits=limits, share=True, observer=metrics.request_finished)
            for name, info in supergraph.subgraphs.items()
        }
        engine = Engine(supergraph, transports, settings, metrics)
        app = GatewayApp(GatewayParts(engine=lambda: engine, settings=settings, metrics=metrics))

        def ready() -> None:
            if address:
                print(f"{address} ready", flush=True)

        try:
            await serve(app, "", 0, ready=ready, sockets=[listening], guards=settings.guards)
        finally:
            await engine.close()

    uvloop.run(main())


def _workers(count: int, sdl: str, settings: GatewaySettings, listening: socket.socket, address: str) -> int:
    """Processes that share the listening socket; one that dies is started again."""
    context = multiprocessing.get_context("fork")
    ending = False

    def end(*_: object) -> None:
        nonlocal ending
        ending = True
        for worker in workers:
            worker.terminate()

    def start(announced: str | None) -> Any:
        worker = context.Process(target=_work, args=(sdl, settings, listening, announced))
        worker.start()
        return worker

    workers = [start(address if n == 0 else None) for n in range(count)]
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ending:
        multiprocessing.connection.wait([w.sentinel for w in workers], timeout=1.0)
        workers[:] = [w if w.is_alive() or ending else start(None) for w in workers]
    for worker in workers:
        worker.join(10)
    return 0
