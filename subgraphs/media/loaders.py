"""What one request loads of pictures, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.cache import RowCache
from subgraphs.kit.identity import Viewer
from subgraphs.kit.loaders import BatchLoader, RowLoader
from subgraphs.kit.relay import PageRequest
from subgraphs.kit.resources import Resources
from subgraphs.media.models import MediaFile
from subgraphs.media.policies import may_see
from subgraphs.media.repository import MediaRepository

__all__ = ["Loaders"]


class Loaders:
    """One request's loaders."""

    def __init__(
        self, resources: Resources, viewer: Viewer, repository: MediaRepository, files: RowCache[MediaFile]
    ) -> None:
        service, metrics = resources.service, resources.metrics
        self._viewer = viewer
        self._files = RowLoader(service, files, metrics)
        self.relations = resources.relation_loader(viewer)

        async def pages(
            requests: Sequence[tuple[UUID, PageRequest]],
        ) -> dict[tuple[UUID, PageRequest], list[MediaFile]]:
            return await repository.pages(viewer.id, requests)

        self.pages = BatchLoader[tuple[UUID, PageRequest], list[MediaFile]](
            service, "media_page", pages, [], metrics
        )

    async def visible(self, media: UUID | None) -> MediaFile | None:
        """The picture, where the viewer may see it."""
        row = await self._files.load(media) if media else None
        return row if row and await self.may_see(row) else None

    async def may_see(self, row: MediaFile) -> bool:
        """The policy, for a row that is here already."""
        return may_see(row, self._viewer, await self.relations.load(row.owner_id))

    async def visible_among(self, rows: Sequence[MediaFile]) -> set[UUID]:
        """Which of these rows the viewer may see."""
        relations = await self.relations.load_many([row.owner_id for row in rows])
        return {
            row.id
            for row, relation in zip(rows, relations, strict=True)
            if may_see(row, self._viewer, relation)
        }

    async def visible_many(self, media: Sequence[UUID]) -> list[MediaFile | None]:
        """As ``visible``, for several at once."""
        rows = await self._files.load_many(media)
        seen = await self.visible_among([row for row in rows if row])
        return [row if row and row.id in seen else None for row in rows]
