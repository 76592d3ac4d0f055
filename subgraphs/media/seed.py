"""Demo pictures, drawn and put through the same pipeline as uploads."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from media_core.storage import object_store
from subgraphs.kit.demo import PEOPLE, demo_id, demo_moment
from subgraphs.kit.resources import Resources
from subgraphs.media.events import emit_file
from subgraphs.media.models import MEDIA, MediaFile
from subgraphs.media.pipeline import Pipeline
from subgraphs.media.service import media_row
from subgraphs.media.staging import Staged

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
    async with resources.database.write() as tx:
        there = await tx.session.get(MediaFile, wanted[-1].id)
    if there is not None:
        return
    settings = resources.settings
    store = object_store(settings.object_store_url or settings.home / "objects")
    await store.start()
    try:
        pipeline = Pipeline(store, settings.upload_max_bytes)
        folder = settings.home / "uploads"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        slots = asyncio.Semaphore(2)
        await asyncio.gather(*(_add(resources, pipeline, folder, slots, p) for p in wanted))
    finally:
        await store.close()


async def _add(
    resources: Resources, pipeline: Pipeline, folder: Path, slots: asyncio.Semaphore, picture: _Picture
) -> None:
    async with slots:
        data = await asyncio.to_thread(picture.draw)
        path = folder / f"seed-{uuid4().hex}.part"
        await asyncio.to_thread(path.write_bytes, data)
        try:
            made = await pipeline.make(picture.id, path)
        finally:
            path.unlink(missing_ok=True)
    staged = Staged(path, len(data), hashlib.sha256(data).hexdigest())
    row = media_row(picture.id, picture.owner, "PUBLIC", picture.alt_text, staged, made)
    row.created_at = row.updated_at = picture.moment
    async with resources.database.write() as tx:
        if await tx.session.get(MediaFile, picture.id) is None:
            tx.add(row, MEDIA)
            emit_file(tx, row)


def _pictures() -> list[_Picture]:
    from subgraphs.media.drawing import draw_avatar, draw_landscape, draw_still_life

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
