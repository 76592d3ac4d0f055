"""The paths of the gateway's port that services answer themselves: uploads, pictures, keys, health."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack

from starlette.types import ASGIApp

from gateway.edge.mounts import Mount, Upstream, forwarding
from gateway.transport import HttpFailure
from infra.kept_pictures import KeptPictures, kept_rows
from infra.settings import Settings
from subgraphs.kit.cache.lease import LEASE_PATH
from subgraphs.kit.serving.app import health_routes
from subgraphs.kit.serving.doors import Doors
from subgraphs.kit.serving.http_spans import Traced
from subgraphs.kit.serving.service import SubgraphService

__all__ = ["POST", "keeps_pictures", "local_mounts", "open_pictures", "service_mounts"]

POST = frozenset({"POST"})
_READ = frozenset({"GET", "HEAD"})
_UPLOADING = frozenset({"OPTIONS", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


def local_mounts(services: Mapping[str, SubgraphService]) -> list[Mount]:
    """Of services in this process."""
    doors: dict[str, ASGIApp] = {
        name: Traced(
            Doors([*service.runtime.routes, *health_routes(name, service.check)], service.runtime.swift),
            service.resources.tracer,
        )
        for name, service in services.items()
    }
    return service_mounts(doors, doors)


def keeps_pictures(settings: Settings) -> bool:
    """Whether a gateway of its own process keeps public pictures, or forwards for all of them."""
    return settings.redis_url is not None and settings.caching


async def open_pictures(
    settings: Settings, upstreams: Mapping[str, Upstream], stack: AsyncExitStack
) -> ASGIApp | None:
    """What answers for pictures in a gateway that has Redis; None: the media service does."""
    media = upstreams.get("media")
    if media is None or settings.redis_url is None or not keeps_pictures(settings):
        return None

    async def lease() -> bool:
        try:
            return (await media.client.request("POST", LEASE_PATH, {}, retry=True)).status == 204
        except HttpFailure:
            return False

    rows = await stack.enter_async_context(kept_rows(settings.redis_url, lease))
    return KeptPictures(forwarding(media), rows, settings.serving.memory_bytes)


def service_mounts(
    targets: Mapping[str, ASGIApp | Upstream],
    uploads: Mapping[str, ASGIApp | Upstream],
    pictures: ASGIApp | None = None,
) -> list[Mount]:
    """The allow-list of paths that services answer themselves; anything else under /api is 404.

    Uploads may wait long for their turn: they have connections of their own, where there are connections.
    """
    mounts = []
    if (user := targets.get("user")) is not None:
        mounts.append(Mount(r"/\.well-known/jwks\.json", user, label="/.well-known/jwks.json"))
    if (media := targets.get("media")) is not None:
        taking = uploads["media"]
        mounts += [
            Mount(r"/upload", taking, methods=POST),
            Mount(r"/uploads", taking, methods=_UPLOADING),
            Mount(r"/uploads/[0-9a-f]{32}(?:/content)?", taking, methods=_UPLOADING, label="/uploads/{id}"),
            Mount(r"/public/files", media),
            Mount(r"/images/[^/]+/[^/]+", pictures or media, label="/images/{id}/{name}"),
            Mount(r"/api/media(/upload)", taking, r"\1", POST, "/api/media/upload"),
            Mount(r"/api/media(/public/files)", media, r"\1", _READ, "/api/media/public/files"),
        ]
    plurals = {"user": "users"}
    for name, target in targets.items():
        shown = plurals.get(name, name)
        mounts.append(
            Mount(rf"/api/{shown}(/health(/live|/ready)?)", target, r"\1", _READ, f"/api/{shown}/health")
        )
    return mounts
