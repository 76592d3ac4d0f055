"""The gateway alone: a supergraph file, its subgraphs over HTTP, in one process or in several."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from prometheus_client import start_http_server

from gateway.config import ConfigError, GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.edge.server import Ending, serve
from gateway.edge.standalone.reload import ServedFile
from gateway.edge.standalone.tokens import configured_access
from gateway.edge.standalone.worker_metrics import WorkerEnds, WorkerMetrics
from gateway.edge.standalone.workers import run_workers
from gateway.supergraph import Contract, load_supergraph
from gateway.telemetry.exposition import Expose
from gateway.telemetry.holds import LoopHolds
from gateway.telemetry.logs import configure_logs
from gateway.telemetry.metrics import GatewayMetrics
from gateway.telemetry.process import LoopLag
from gateway.telemetry.tracing import Tracing
from gateway.telemetry.tracing.configured import check_tracing, configured_tracing
from gateway.transport import HttpTransport, Limits, SubgraphTransport

__all__ = ["LoadedFile", "Standalone", "load_file"]

_log = logging.getLogger(__name__)
_PUT_AWAY_SECONDS = 3.0
"""For a worker to end when nothing is under way in it any more."""


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A supergraph file being served, and what its engines count on."""

    served: ServedFile
    metrics: GatewayMetrics


def load_file(path: Path, settings: GatewaySettings) -> LoadedFile:
    """Make the first engine. Raises OSError, UnicodeDecodeError, InvalidSupergraph, ConfigError."""
    configured_access(settings)  # what is wrong with it is said before anything listens
    check_tracing(settings, os.environ)
    metrics = GatewayMetrics()
    return LoadedFile(
        ServedFile(path, lambda sdl: _engine(sdl, settings, metrics), settings.warm_seconds), metrics
    )


def _engine(sdl: str, settings: GatewaySettings, metrics: GatewayMetrics) -> Engine:
    supergraph = load_supergraph(sdl, _contract(settings.contract))
    limits = Limits(total_seconds=settings.subgraph_timeout)
    urls = {_plain(name): url for name, url in settings.subgraph_urls.items()}
    http2 = {_plain(name) for name in settings.subgraph_http2}
    transports: dict[str, SubgraphTransport] = {}
    for name, info in supergraph.subgraphs.items():
        url = urls.get(_plain(name), info.url)
        try:
            observer = metrics.request_finished if settings.measure else None
            transports[name] = HttpTransport(
                name,
                url,
                limits=limits,
                http2=_plain(name) in http2,
                share=settings.share_fetches,
                observer=observer,
            )
        except ValueError as error:  # its fields are null, with an error that says so; the rest is served
            _log.error("subgraph %s is at %r: %s", name, url, error)
    return Engine(supergraph, transports, settings, metrics)


def _contract(given: Mapping[str, Any]) -> Contract | None:
    if not given:
        return None
    tags = {name: frozenset(given.get(name, ())) for name in ("include", "exclude")}
    try:
        return Contract(**tags, hide_unreachable=given.get("hide_unreachable", True))
    except ValueError as error:
        raise ConfigError(f"contract: {error}") from error


def _plain(name: str) -> str:
    """An environment variable's name has neither case nor hyphens."""
    return name.lower().replace("-", "_")


@dataclass(frozen=True)
class Standalone:
    """What to serve, and where."""

    file: LoadedFile
    settings: GatewaySettings
    listening: socket.socket
    host: str

    @property
    def address(self) -> str:
        """Where the graph is."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.listening.getsockname()[1]}/graphql"

    @property
    def _ending(self) -> Ending:
        return Ending(self.settings.leave_seconds, self.settings.drain_seconds)

    def run(self, workers: int) -> None:
        """Until SIGTERM or Ctrl-C."""
        configure_logs(self.settings.log_format, self.settings.log_level)
        if workers > 1:
            grace = self._ending.leave_seconds + self._ending.drain_seconds + _PUT_AWAY_SECONDS
            metrics = WorkerMetrics(self.host, self.settings.metrics_port)
            run_workers(workers, self.work, metrics, grace)
        else:
            self.work(0, None, None)

    def work(self, number: int, parent: int | None, ends: WorkerEnds | None) -> None:
        """Serve in this process; the first one says where. It ends with what ``parent`` is a pipe from, which tells of
        the metrics, too."""
        uvloop.run(self._serve(number, parent, ends))

    async def _serve(self, number: int, parent: int | None, ends: WorkerEnds | None) -> None:
        served = self.file.served
        metrics = self.file.metrics
        if parent is not None:
            asyncio.get_running_loop().add_reader(parent, os.kill, os.getpid(), signal.SIGTERM)
        watching = asyncio.create_task(served.watch())

        def ready() -> None:
            if number == 0:
                print(f"{self.address} ready", flush=True)  # noqa: T201 - what whoever started us waits for

        if ends is not None:
            ends.serve(metrics.registry)
        try:
            with (
                configured_tracing(self.settings, os.environ, metrics.registry) as tracing,
                contextlib.nullcontext() if ends else self._metrics_port(),
                LoopLag(metrics.registry).watched(),
                LoopHolds(metrics.registry, over=self.settings.loop_held_seconds).watched(),
            ):
                app = GatewayApp(self._parts(tracing, ends.expose() if ends else None))
                guards = self.settings.guards
                try:
                    await serve(
                        app, "", 0, ready=ready, sockets=[self.listening], guards=guards, ending=self._ending
                    )
                finally:
                    app.close()
        finally:
            watching.cancel()
            await served.close()

    def _parts(self, tracing: Tracing, expose: Expose | None) -> GatewayParts:
        served = self.file.served
        return GatewayParts(
            engine=lambda: served.engine,
            settings=self.settings,
            metrics=self.file.metrics,
            access=configured_access(self.settings),
            tracing=tracing,
            expose=expose,
        )

    @contextlib.contextmanager
    def _metrics_port(self) -> Iterator[None]:
        if self.settings.metrics_port is None:
            yield
            return
        server, thread = start_http_server(self.settings.metrics_port, self.host, self.file.metrics.registry)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
