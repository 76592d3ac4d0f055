"""Pictures as the graph shows them, and what this domain adds to people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from media_core import SIZES
from subgraphs.kit.domain.context import Context
from subgraphs.kit.graph.relay import Connection, Node, Page, PageRequest, id_of, to_global
from subgraphs.media import models
from subgraphs.media.edits import crop_of, cropped, focus_of, moving, whole_of
from subgraphs.media.loaders import Loaders
from subgraphs.media.schema.services import Services
from subgraphs.media.schema.values import (
    KEEP_COPYRIGHT,
    RGB,
    FocalPoint,
    ImageFormat,
    ImageMetadata,
    ImageVariant,
    MediaCrop,
    MediaKind,
    MediaSize,
    MediaStatus,
    MediaVisibility,
    ResponsiveSizes,
    StorageUsage,
)
from subgraphs.media.serving.addresses import Addresses
from subgraphs.media.storage.keys import FULL, ORIGINAL

if TYPE_CHECKING:
    from subgraphs.media.schema.albums import Album

__all__ = ["Info", "MediaFile", "User", "media_connection", "people", "storage_usage"]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]


@strawberry.federation.type(keys=["id"])
class User(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> User:  # noqa: A002
        return cls(id=id)

    @strawberry.field(description="Public files, and all of the viewer's own; newest first.")
    async def media_files(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[MediaFile]:
        owner = id_of("User", self.id)
        request = info.context.page(f"media:{self.id}", first=first, after=after)
        rows = await info.context.loaders.pages.load((owner, request)) if owner else []
        return await media_connection(info, request, Page.cut(request, rows))

    @strawberry.field(description="This person's albums, as far as the viewer may see them; newest first.")
    async def albums(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Annotated[Album, strawberry.lazy("subgraphs.media.schema.albums")]]:
        from subgraphs.media.schema.albums import album_connection

        owner = id_of("User", self.id)
        request = info.context.page(f"albums:{self.id}", first=first, after=after)
        rows = await info.context.loaders.album_pages.load((owner, request)) if owner else []
        return await album_connection(info, request, Page.cut(request, rows))

    @strawberry.field(description="One's own; null of anyone else.")
    async def storage(self, info: Info) -> StorageUsage | None:
        owner = id_of("User", self.id)
        return await storage_usage(info, owner) if owner and owner == info.context.viewer.id else None


@strawberry.federation.type(keys=["id"], description="A picture, or a film.")
class MediaFile(Node):
    row: strawberry.Private[models.MediaFile]
    loaders: strawberry.Private[Loaders]
    addresses: strawberry.Private[Addresses]
    own: strawberry.Private[bool]
    owner: User | None
    visibility: MediaVisibility
    alt_text: str | None
    caption: str | None = strawberry.field(description="What its owner says about it.")
    status: MediaStatus
    created_at: datetime
    trashed_at: datetime | None
    blur_placeholder: str | None = strawberry.field(description="A tiny WebP as a data URI.")
    thumbhash: str | None = strawberry.field(description="Base64 (https://evanw.github.io/thumbhash/).")
    blurhash: str | None = strawberry.field(description="https://blurha.sh")

    @classmethod
    def of(cls, row: models.MediaFile, info: Info, loaders: Loaders | None = None) -> MediaFile:
        """From a row that the policy has let through; ``loaders``: of the reader it was let through for."""
        return cls(
            id=to_global("MediaFile", row.id),
            row=row,
            loaders=loaders or info.context.loaders,
            addresses=info.context.services.addresses,
            own=info.context.viewer.id == row.owner_id,
            owner=User(id=to_global("User", row.owner_id)),
            visibility=MediaVisibility[row.visibility],
            alt_text=row.alt_text,
            caption=row.caption,
            status=MediaStatus[row.status],
            created_at=row.created_at,
            trashed_at=row.trashed_at,
            blur_placeholder=row.blur_placeholder,
            thumbhash=row.thumbhash,
            blurhash=row.blurhash,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> MediaFile | None:  # noqa: A002
        row = await info.context.loaders.visible(id_of("MediaFile", id))
        return cls.of(row, info) if row else None

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> list[MediaFile | None]:
        """As ``resolve_reference``, for a whole list."""
        raws = [id_of("MediaFile", i) for i in ids]
        rows = iter(await info.context.loaders.visible_many([raw for raw in raws if raw]))
        return [cls.of(row, info) if raw and (row := next(rows)) else None for raw in raws]

    @strawberry.field
    def kind(self) -> MediaKind:
        return MediaKind.VIDEO if self.row.is_film else MediaKind.IMAGE

    @strawberry.field(description="Of a film, in seconds; null for a picture.")
    def duration(self) -> float | None:
        return None if self.row.milliseconds is None else self.row.milliseconds / 1000

    @strawberry.field(
        description="The whole picture, or the film, without location, device or comment metadata."
    )
    def url(self) -> str:
        format_ = self.row.variants.get(FULL, {}).get("format", self.row.format)
        return self._at(FULL, format_)

    @strawberry.field(description="The large size.")
    def optimized_url(self) -> str | None:
        return self._address("large")

    @strawberry.field
    def thumbnail_url(self) -> str | None:
        return self._address("thumbnail")

    @strawberry.field(description="The upload, untouched; its owner's alone.")
    def original_url(self) -> str | None:
        return self._at(ORIGINAL, self.row.format) if self.own else None

    @strawberry.field
    def responsive_sizes(self) -> ResponsiveSizes | None:
        if not any(size in self.row.variants for size in SIZES):
            return None
        made: dict[str, Any] = {size: partial(self._variant, size, None) for size in SIZES}
        return ResponsiveSizes(**made)

    @strawberry.field(description="A size, whole or cut to a shape.")
    def image(
        self,
        size: MediaSize,
        format: ImageFormat | None = None,  # noqa: A002
        crop: MediaCrop | None = None,
    ) -> ImageVariant | None:
        return self._variant(size.value, format, crop)

    @strawberry.field(description="For an `<img>`: each size's address and width.")
    def srcset(
        self,
        format: ImageFormat | None = None,  # noqa: A002
        crop: MediaCrop | None = None,
    ) -> str | None:
        made = [one for size in SIZES if (one := self._made(size, format, crop))]
        by_width = {width: f"{url} {width}w" for url, width, *_ in made}
        return ", ".join(by_width.values()) or None

    @strawberry.field(description="An animation, moving, as WebP; null for a still.")
    def animation(self, size: MediaSize = MediaSize.MEDIUM) -> ImageVariant | None:
        stored = self.row.variants.get(size.value)
        if stored is None or self.row.frames < 2:
            return None
        url = self._at(moving(size.value), "webp")
        return ImageVariant(
            url=url, width=stored["width"], height=stored["height"], format="webp", bytes=None
        )

    @strawberry.field(
        description="As its owner says; else by the camera's clock, which is their own to see; else when it was uploaded."
    )
    def taken_at(self) -> datetime:
        row = self.row
        return row.taken_at if self.own or row.taken_at != row.noted_at else row.created_at

    @strawberry.field
    def dominant_color(self) -> RGB | None:
        colour = self.row.dominant_color
        return None if colour is None else RGB.of(colour)

    @strawberry.field(description="At most six colours, the most frequent first.")
    def palette(self) -> list[RGB]:
        return [RGB.of(colour) for colour in self.row.palette]

    @strawberry.field
    def metadata(self) -> ImageMetadata | None:
        row = self.row
        return ImageMetadata(
            width=row.width, height=row.height, format=row.format, bytes=row.bytes, frames=row.frames
        )

    @strawberry.field(description="Degrees clockwise by which its owner had the upload turned.")
    def rotation(self) -> int:
        return self.row.turn * 90

    @strawberry.field(description=KEEP_COPYRIGHT)
    def keep_copyright(self) -> bool:
        return self.row.keep_copyright

    @strawberry.field(description="What its owner wants to be seen in every crop, also in those of clients.")
    def focal_point(self) -> FocalPoint | None:
        point = focus_of(self.row)
        return FocalPoint(x=point[0], y=point[1]) if point else None

    @strawberry.field(description="Words its owner put to it, by the alphabet.")
    async def tags(self) -> list[str]:
        return await self.loaders.tags.load(self.row.id)

    @strawberry.field(description="Whether it is among the viewer's favourites.")
    async def viewer_favorite(self) -> bool:
        return await self.loaders.liked.load(self.row.id)

    def _at(self, rendition: str, format_: str) -> str:
        return self.addresses.of(self.row, rendition, format_, self.loaders.reader)

    def _address(self, size: str) -> str | None:
        stored = self.row.variants.get(size)
        return self._at(size, stored["format"]) if stored else None

    def _variant(
        self, size: str, format_: ImageFormat | None, crop: MediaCrop | None = None
    ) -> ImageVariant | None:
        made = self._made(size, format_, crop)
        if made is None:
            return None
        url, width, height, format_name, size_bytes = made
        return ImageVariant(url=url, width=width, height=height, format=format_name, bytes=size_bytes)

    def _made(
        self, size: str, format_: ImageFormat | None, crop: MediaCrop | None
    ) -> tuple[str, int, int, str, int | None] | None:
        """A variant's fields."""
        stored = self.row.variants.get(size)
        if stored is None:
            return None
        wanted = format_.value if format_ else stored["format"]
        if crop is not None:
            name = cropped(size, crop.value)
            shape = crop_of(self.row, name)
            width, height = shape.within(*whole_of(self.row)) if shape else (0, 0)
            return self._at(name, wanted), width, height, wanted, None
        size_bytes = stored["bytes"] if wanted == stored["format"] else None
        return self._at(size, wanted), stored["width"], stored["height"], wanted, size_bytes


async def media_connection(
    info: Info,
    request: PageRequest,
    page: Page[models.MediaFile],
    key: Callable[[models.MediaFile], tuple[object, ...]] = lambda row: (row.id.hex,),
) -> Connection[MediaFile]:
    """The page without what the viewer may not see; ``key`` is what the list is sorted by."""
    visible = await info.context.loaders.visible_among(page.rows)
    return page.connection(request, key, lambda row: MediaFile.of(row, info) if row.id in visible else None)


async def people(users: Sequence[UUID], loaders: Loaders) -> list[User | None]:
    """References that their owners would refuse across a block are not given at all."""
    relations = await loaders.relations.load_many(users)
    return [
        None if relation.severed else User(id=to_global("User", user))
        for user, relation in zip(users, relations, strict=True)
    ]


async def storage_usage(info: Info, owner: UUID) -> StorageUsage:
    usage = await info.context.services.quotas.usage(owner)
    return StorageUsage(
        used=float(usage.bytes), limit=float(usage.max_bytes), files=usage.files, file_limit=usage.max_files
    )
