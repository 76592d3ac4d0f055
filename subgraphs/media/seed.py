"""Demo pictures, drawn and put through the same pipeline as uploads."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from starlette.datastructures import UploadFile

from media_core import Limits
from media_core.storage import object_store
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.demo import PEOPLE, demo_id, demo_moment
from subgraphs.kit.domain.resources import Resources
from subgraphs.media.models import MediaFile
from subgraphs.media.processing.ingest import Given, Ingest
from subgraphs.media.processing.pipeline import Pipeline
from subgraphs.media.repository import MediaRepository
from subgraphs.media.storage.originals import Originals
from subgraphs.media.storage.staging import Staging

__all__ = ["seed"]

POST_PICTURES, PRODUCT_PICTURES = 24, 12


@dataclass(frozen=True, slots=True)
class _Picture:
    id: UUID
    owner: UUID
    alt_text: str
    moment: datetime
    draw: Callable[[], bytes]


async def seed(resources: Resources, size: str) -> None:
    """``demo``: pictures for people, posts and products; ``large`` adds none."""
    if size == "large":
        return
    wanted = await asyncio.to_thread(_pictures)
    settings = resources.settings
    store = object_store(settings.object_store_url or settings.home / "objects")
    await store.start()
    try:
        repository = MediaRepository(resources.database)
        staging = Staging(settings.home / "uploads", settings.upload_max_bytes)
        limits = Limits(max_bytes=settings.upload_max_bytes)
        pipeline = Pipeline(store, Originals(store, staging), limits)
        ingest = Ingest(resources, repository, pipeline)
        await asyncio.to_thread(staging.start)
        slots = asyncio.Semaphore(2)
        there = {row.id for row in await repository.by_ids([p.id for p in wanted])}
        await asyncio.gather(*(_add(ingest, staging, slots, p) for p in wanted if p.id not in there))
    finally:
        await store.close()


async def _add(ingest: Ingest, staging: Staging, slots: asyncio.Semaphore, picture: _Picture) -> None:
    async def backdated(tx: Transaction, row: MediaFile) -> None:
        row.created_at = row.updated_at = row.taken_at = picture.moment

    given = Given(picture.id, picture.owner, "PUBLIC", picture.alt_text)
    async with slots:
        data = await asyncio.to_thread(picture.draw)
        async with staging.staged(UploadFile(io.BytesIO(data))) as staged:
            await ingest.take(given, staged, backdated)


def _pictures() -> list[_Picture]:
    from subgraphs.media.demo import draw_avatar, draw_landscape, draw_still_life

    avatars = [
        _Picture(
            demo_id("avatar", p.number),
            p.id,
            f"Portrait of {p.name}",
            demo_moment(p.number),
            partial(draw_avatar, p.number),
        )
        for p in PEOPLE
    ]
    posts = [
        _Picture(
            demo_id("post-picture", n),
            PEOPLE[n % 11].id,
            "Hills in the evening light" if n % 3 else "A bowl on a table",
            demo_moment(n),
            partial(draw_landscape if n % 3 else draw_still_life, n),
        )
        for n in range(POST_PICTURES)
    ]
    products = [
        _Picture(
            demo_id("product-picture", n),
            PEOPLE[2 if n < 6 else 6].id,
            "The product on a table",
            demo_moment(n),
            partial(draw_still_life, 100 + n),
        )
        for n in range(PRODUCT_PICTURES)
    ]
    return [*avatars, *products, *posts]
