"""The media domain, declared: what `kit` needs to run it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import media_core
from subgraphs.kit.cache.lease import lease_route
from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.identity.tokens import TokenVerifier, access_token_rules
from subgraphs.kit.settings import Serving
from subgraphs.kit.telemetry.vitals import Vital
from subgraphs.media.albums.repository import AlbumRepository
from subgraphs.media.albums.service import Albums
from subgraphs.media.albums.sharing import Sharing
from subgraphs.media.albums.writes import AlbumWrites
from subgraphs.media.components import Components, open_components
from subgraphs.media.events import HANDLERS
from subgraphs.media.library.editing import Editing
from subgraphs.media.library.repository import LibraryRepository
from subgraphs.media.library.service import Library
from subgraphs.media.limits.quotas import Quotas
from subgraphs.media.loaders import Loaders, Sources
from subgraphs.media.metrics import MediaMetrics
from subgraphs.media.models import ALBUM, MEDIA, METADATA, TABLES, Album, MediaFile
from subgraphs.media.readers import Reader
from subgraphs.media.repository import MediaRepository
from subgraphs.media.schema import SCHEMA
from subgraphs.media.schema.services import Services
from subgraphs.media.seed import seed
from subgraphs.media.serving.addresses import Addresses, Origins
from subgraphs.media.serving.cdn import HttpCdn, Purges
from subgraphs.media.serving.images import PREFIX, ImageDoor
from subgraphs.media.serving.public_files import PublicFilesDoor
from subgraphs.media.serving.rendering import Renderer
from subgraphs.media.serving.renditions import Renditions
from subgraphs.media.serving.snapshots import Snapshots
from subgraphs.media.uploads.form import FormDoor

__all__ = ["DOMAIN"]


@asynccontextmanager
async def _open(resources: Resources) -> AsyncIterator[Runtime]:
    media_core.set_observer(resources.metrics.shared("media", MediaMetrics))
    about = "Jobs of the image pool"
    pool = (
        Vital("media_pool_jobs", about, {"state": "queued"}, lambda: media_core.pool_jobs()[0]),
        Vital("media_pool_jobs", about, {"state": "running"}, lambda: media_core.pool_jobs()[1]),
    )
    try:
        async with open_components(resources) as components:
            with resources.metrics.vitals.watched(*pool):
                yield _runtime(resources, components)
    finally:
        await asyncio.to_thread(media_core.close)


def _runtime(resources: Resources, components: Components) -> Runtime:
    settings, database = resources.settings, resources.database
    sources = _sources(resources)
    media, admission = components.media, components.admission
    purges = Purges(database, resources.clock, _cdn(settings.serving))
    writes = AlbumWrites()
    albums = Albums(resources, writes)
    addresses = _addresses(resources)
    services = Services(
        repository=sources.repository,
        library_reads=sources.library,
        album_reads=sources.albums,
        media=media,
        library=Library(resources, sources.library, purges, media.let_go),
        editing=Editing(resources, sources.repository, components.pipeline, admission, purges),
        albums=albums,
        sharing=Sharing(resources, sources.albums, writes, albums),
        addresses=addresses,
        quotas=Quotas(database, settings.storage),
        admission=admission,
        uploads=components.uploads,
        direct=components.direct,
    )
    images = _images(resources, sources, components, addresses)
    verifier = TokenVerifier(access_token_rules(), settings.access_token_keys, resources.clock)
    form = FormDoor(resources, media, addresses, verifier, admission)
    public_files = PublicFilesDoor(resources, sources.repository, addresses)
    return Runtime(
        services=services,
        loaders=lambda viewer: Loaders(sources, Reader(viewer)),
        handlers=HANDLERS,
        routes=[
            *form.routes(),
            *public_files.routes(),
            *components.routes(verifier, resources),
            lease_route(resources.trust),
        ],
        swift={PREFIX: images},
        jobs={**components.jobs(), "purges": purges.run},
    )


def _sources(resources: Resources) -> Sources:
    database = resources.database
    repository, albums = MediaRepository(database), AlbumRepository(database)
    return Sources(
        resources=resources,
        repository=repository,
        albums=albums,
        library=LibraryRepository(database),
        file_rows=resources.rows(MEDIA, MediaFile, repository.by_ids),
        album_rows=resources.rows(ALBUM, Album, albums.albums),
    )


def _addresses(resources: Resources) -> Addresses:
    settings = resources.settings
    secrets = [settings.secret_key, settings.serving.previous_secret]
    origins = Origins(settings.public_url, settings.serving.cdn_url)
    return Addresses([s for s in secrets if s], origins, resources.clock)


def _images(
    resources: Resources, sources: Sources, components: Components, addresses: Addresses
) -> ImageDoor:
    serving = resources.settings.serving
    memory, flights = serving.memory_bytes, serving.renditions
    storage = resources.settings.storage
    make = Renderer(storage.picture_pixels, storage.film_pixels)

    async def sees(row: MediaFile, reader: Reader) -> bool:
        return row.id in await Loaders(sources, reader).visible_among([row])

    return ImageDoor(
        Snapshots(sources.file_rows),
        addresses,
        Renditions(components.store, components.originals, memory=memory, flights=flights, make=make),
        sees,
        surrogate_keys=bool(serving.cdn_url or serving.cdn_purge_url),
    )


def _cdn(serving: Serving) -> HttpCdn | None:
    if serving.cdn_purge_url is None:
        return None
    return HttpCdn(serving.cdn_purge_url, serving.cdn_purge_method, serving.cdn_purge_token)


DOMAIN = Domain(name="media", schema=SCHEMA, metadata=METADATA, tables=TABLES, open=_open, seed=seed)
