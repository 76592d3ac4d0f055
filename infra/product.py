"""The product put together: the gateway over seven subgraphs, in this process or behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from starlette.types import ASGIApp

from gateway.composition import CompositionFailed, compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.edge.identity.access import Access, TokenRules
from gateway.edge.identity.keys import PublicKeys
from gateway.edge.identity.signing import IdentitySigner
from gateway.edge.mounts import Mount, Upstream
from gateway.edge.pages.site import Site
from gateway.supergraph import InvalidSupergraph, Supergraph, load_supergraph
from gateway.telemetry.logs import Pseudonyms
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import HttpClient, HttpTransport, Limits, LocalTransport, SubgraphTransport
from infra.browser_spans import Tickets, spans_door
from infra.domains import DOMAINS
from infra.errors import CommandError
from infra.mounts import POST, local_mounts, open_pictures, service_mounts
from infra.operations import expect_operations
from infra.operators import is_operator
from infra.ops.gateways import AUDIENCE, Gateways
from infra.ops.opening import Observed, open_ops
from infra.ops.replicas import RemoteService
from infra.ops.watching import Check
from infra.profile_door import profile_door
from infra.profiling import MOST_SECONDS
from infra.servers import Servers
from infra.settings import Settings
from infra.subgraphs import domain_settings, identity_keys, token_keys
from infra.telemetry import SILENT, Telemetry
from subgraphs.kit.domain.declaration import Domain
from subgraphs.kit.identity.keys import public_keys
from subgraphs.kit.serving.service import SubgraphService, open_service
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = [
    "FIRST_OPERATION",
    "compose_domains",
    "open_gateway",
    "open_product",
    "read_supergraph",
    "services_away",
    "web_folder",
]

_NOTHING_BEHIND: Mapping[str, HttpClient] = MappingProxyType({})


def compose_domains(domains: Sequence[Domain], urls: Mapping[str, str]) -> str:
    """The supergraph of these domains. Raises CommandError."""
    given = [(d.name, urls.get(d.name, f"http://{d.name}:8000/graphql"), d.schema.as_str()) for d in domains]
    try:
        return compose_from_sdls(given).supergraph_sdl
    except CompositionFailed as failed:
        told = "; ".join(f"{e.code}: {e.message}" for e in failed.errors)
        raise CommandError(f"the subgraphs do not compose: {told}") from failed


def read_supergraph(path: Path) -> Supergraph:
    """From a file. Raises CommandError."""
    try:
        return load_supergraph(path.read_text())
    except OSError as error:
        raise CommandError(f"the supergraph {path} cannot be read: {error.strerror}") from error
    except InvalidSupergraph as error:
        raise CommandError(f"{path} is no supergraph: {error}") from error


FIRST_OPERATION = Path(__file__).with_name("first_operation.graphql")
"""What GraphiQL shows somebody who opens it for the first time: README's first query."""


def web_folder() -> Path:
    """Where the built web app lies, if it was built."""
    return Path(__file__).resolve().parent.parent / "web" / "dist"


@asynccontextmanager
async def open_product(
    settings: Settings,
    servers: Servers,
    domains: Sequence[Domain],
    gateway_metrics: GatewayMetrics,
    metrics: Metrics,
    telemetry: Telemetry = SILENT,
) -> AsyncIterator[ASGIApp]:
    """Everything in this process: fetches are calls, and the media service's doors are ours."""
    async with AsyncExitStack() as stack:
        services: dict[str, SubgraphService] = {}
        for domain in domains:
            own = domain_settings(settings, servers, domain.name)
            services[domain.name] = await stack.enter_async_context(
                open_service(domain, own, metrics, telemetry.spans)
            )
        supergraph = _supergraph(settings, domains)
        transports = {name: LocalTransport(name, service) for name, service in services.items()}

        checks = {name: service.check for name, service in services.items()}
        mounts = local_mounts(services)
        app, engine = await stack.enter_async_context(
            _gateway(settings, supergraph, transports, gateway_metrics, telemetry, mounts, checks, metrics)
        )
        for name, documents in engine.preparation.asked().items():
            if name in services:
                services[name].expect(documents)
        yield app


@asynccontextmanager
async def open_gateway(
    settings: Settings, urls: Mapping[str, str], metrics: GatewayMetrics, telemetry: Telemetry
) -> AsyncIterator[ASGIApp]:
    """The gateway alone, before services that run elsewhere. ``urls`` are their GraphQL addresses."""
    if settings.supergraph is None:
        raise CommandError("LETS_CONNECT_SUPERGRAPH is not set; lets-connect compose makes the file")
    supergraph = read_supergraph(settings.supergraph)
    transports: dict[str, SubgraphTransport] = {
        name: HttpTransport(
            name,
            urls.get(name, info.url),
            share=settings.gateway.share_fetches,
            observer=metrics.request_finished,
        )
        for name, info in supergraph.subgraphs.items()
    }
    clients = {name: HttpClient(url, limits=Limits()) for name, url in urls.items()}
    long = Limits(total_seconds=MOST_SECONDS + 15)
    patient = {name: HttpClient(url, limits=long) for name, url in urls.items()}
    admitted = settings.storage.uploads_at_once + settings.storage.uploads_waiting
    # Uploads in several requests are not among those admitted, so they have as many as everything else has.
    many = Limits(connections=admitted + Limits().connections)
    uploading = {name: HttpClient(url, limits=many) for name, url in urls.items() if name == "media"}

    checks = {name: partial(_ready, name, client) for name, client in clients.items()}
    try:
        async with AsyncExitStack() as stack:
            upstreams = {name: Upstream(client) for name, client in clients.items()}
            pictures = await open_pictures(settings, upstreams, stack)
            uploads = {name: Upstream(client) for name, client in uploading.items()}
            mounts = service_mounts(upstreams, uploads, pictures)
            app, _ = await stack.enter_async_context(
                _gateway(settings, supergraph, transports, metrics, telemetry, mounts, checks, behind=patient)
            )
            yield app
    finally:
        for client in (*clients.values(), *patient.values(), *uploading.values()):
            await client.close()


@asynccontextmanager
async def _gateway(
    settings: Settings,
    supergraph: Supergraph,
    transports: Mapping[str, SubgraphTransport],
    metrics: GatewayMetrics,
    telemetry: Telemetry,
    mounts: Sequence[Mount],
    checks: Mapping[str, Check],
    local: Metrics | None = None,
    behind: Mapping[str, HttpClient] = _NOTHING_BEHIND,
) -> AsyncIterator[tuple[ASGIApp, Engine]]:
    """``local``: of the subgraphs in this process; ``behind``: those that are processes of their own."""
    own = _gateway_settings(settings)
    engine = Engine(supergraph, transports, own, metrics)
    known = expect_operations(engine, settings, metrics)
    identities = identity_keys(settings)
    key = identities[0]
    keys: PublicKeys = token_keys(settings)
    access = Access(keys, TokenRules("lets-connect", "lets-connect"))
    signer = IdentitySigner(key.private, key.kid, frozenset({*DOMAINS, AUDIENCE}))
    profile = Mount(r"/api/ops/profile", profile_door(access, signer, behind))
    tickets = Tickets(key.private.private_bytes_raw())
    browser = telemetry.browser
    spans = [] if browser is None else [Mount(r"/api/spans", spans_door(browser, tickets), methods=POST)]
    replicas = settings.ops.replicas
    others = {name: RemoteService(name, client, signer, replicas) for name, client in behind.items()}
    named = [(host, port or settings.port) for host, port in settings.ops.gateways]
    gateways = Gateways(signer, named)
    observed = Observed(metrics, local, telemetry.recent, checks, others, gateways, known)

    async def ready() -> Sequence[str]:
        return await services_away({name: check() for name, check in checks.items()})

    try:
        signed = public_keys(identities)
        elsewhere = [origin for origin in [settings.serving.cdn_url] if origin]
        site = Site(web_folder(), elsewhere, watched=settings.environment == "development")
        async with open_ops(settings.ops, observed, access, signed, own.guards, site) as ops:
            parts = GatewayParts(
                engine=lambda: engine,
                settings=own,
                metrics=metrics,
                access=access,
                signer=signer,
                tracing=telemetry.tracing,
                pseudonyms=Pseudonyms(key.private.private_bytes_raw()),
                ended=ops.ended,
                closely=is_operator,
                ticket=None if browser is None else tickets.of,
                mounts=[*mounts, profile, *spans, *ops.mounts],
                site=site,
                ready=ready,
            )
            app = GatewayApp(parts)
            try:
                yield app, engine
            finally:
                app.close()
    finally:
        await gateways.close()
        for service in others.values():
            await service.close()
        await engine.close()


def _gateway_settings(settings: Settings) -> GatewaySettings:
    base = settings.gateway
    return replace(
        base,
        explorer_operation=base.explorer_operation or FIRST_OPERATION.read_text(),
        trusted_proxies=settings.forwarded_allow_ips,
        guards=replace(base.guards, upload_bytes=settings.upload_max_bytes),
    )


def _supergraph(settings: Settings, domains: Sequence[Domain]) -> Supergraph:
    if settings.supergraph is not None:
        return read_supergraph(settings.supergraph)
    return load_supergraph(compose_domains(domains, settings.subgraph_urls))


async def services_away(checks: Mapping[str, Awaitable[None]]) -> Sequence[str]:
    """The services that are not ready. One away takes its own fields from clients, and not the whole graph:
    only where none answers, the gateway is not ready itself."""
    said = await asyncio.gather(*checks.values(), return_exceptions=True)
    away = {name: error for name, error in zip(checks, said, strict=True) if error is not None}
    if checks and len(away) == len(checks):
        raise next(iter(away.values()))
    return list(away)


async def _ready(name: str, client: HttpClient) -> None:
    answer = await client.request("GET", "/health/ready", {}, retry=True)
    if answer.status != 200:
        raise CommandError(f"the {name} service is not ready")
