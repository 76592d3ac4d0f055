"""Pictures as the graph shows them, and what this domain adds to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import TypeAlias

import strawberry

from media_core import SIZES
from subgraphs.kit.context import Context
from subgraphs.kit.relay import Connection, Node, Page, PageRequest, id_of, to_global
from subgraphs.media import models
from subgraphs.media.addresses import Addresses
from subgraphs.media.loaders import Loaders
from subgraphs.media.objects import FULL, ORIGINAL
from subgraphs.media.service import Services

__all__ = ["Info", "MediaFile", "MediaVisibility", "User"]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]


@strawberry.enum(description="The longer side in pixels: 150, 400, 800, 1920; never enlarged.")
class MediaSize(Enum):
    THUMBNAIL = "thumbnail"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@strawberry.enum
class ImageFormat(Enum):
    WEBP = "webp"
    AVIF = "avif"
    JPEG = "jpeg"
    PNG = "png"


@strawberry.enum
class MediaVisibility(Enum):
    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"


@strawberry.enum
class MediaStatus(Enum):
    READY = strawberry.enum_value("READY", description="All sizes are there.")
    DEGRADED = strawberry.enum_value("DEGRADED", description="Stored and served, but not optimised yet.")
    PROCESSING = strawberry.enum_value("PROCESSING", description="Being worked on.")
    FAILED = strawberry.enum_value("FAILED", description="Could not be made into sizes.")


@strawberry.type(description="One encoded picture.")
class ImageVariant:
    url: str
    width: int
    height: int
    format: str
    bytes: int | None = strawberry.field(description="Null for a format that is made when first fetched.")


@strawberry.type
class ResponsiveSizes:
    thumbnail: ImageVariant | None
    small: ImageVariant | None
    medium: ImageVariant | None
    large: ImageVariant | None


@strawberry.type(name="RGB")
class RGB:
    r: int
    g: int
    b: int
    hex: str


@strawberry.type(description="Of what was uploaded, turned upright.")
class ImageMetadata:
    width: int
    height: int
    format: str
    bytes: int


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


@strawberry.federation.type(keys=["id"], description="A picture.")
class MediaFile(Node):
    row: strawberry.Private[models.MediaFile]
    addresses: strawberry.Private[Addresses]
    own: strawberry.Private[bool]
    owner: User | None
    visibility: MediaVisibility
    alt_text: str | None
    status: MediaStatus
    created_at: datetime
    blur_placeholder: str | None = strawberry.field(description="A tiny WebP as a data URI.")
    thumbhash: str | None = strawberry.field(description="Base64 (https://evanw.github.io/thumbhash/).")

    @classmethod
    def of(cls, row: models.MediaFile, info: Info) -> MediaFile:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("MediaFile", row.id),
            row=row,
            addresses=info.context.services.addresses,
            own=info.context.viewer.id == row.owner_id,
            owner=User(id=to_global("User", row.owner_id)),
            visibility=MediaVisibility(row.visibility),
            alt_text=row.alt_text,
            status=MediaStatus(row.status),
            created_at=row.created_at,
            blur_placeholder=row.blur_placeholder,
            thumbhash=row.thumbhash,
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

    @strawberry.field(description="The whole picture, without location, device or comment metadata.")
    def url(self) -> str:
        format_ = self.row.variants.get(FULL, {}).get("format", self.row.format)
        return self.addresses.of(self.row, FULL, format_)

    @strawberry.field(description="The large size.")
    def optimized_url(self) -> str | None:
        return self._address("large")

    @strawberry.field
    def thumbnail_url(self) -> str | None:
        return self._address("thumbnail")

    @strawberry.field(description="The upload, untouched; its owner's alone.")
    def original_url(self) -> str | None:
        return self.addresses.of(self.row, ORIGINAL, self.row.format) if self.own else None

    @strawberry.field
    def responsive_sizes(self) -> ResponsiveSizes | None:
        if not any(size in self.row.variants for size in SIZES):
            return None
        return ResponsiveSizes(**{size: self._variant(size, None) for size in SIZES})

    @strawberry.field
    def image(self, size: MediaSize, format: ImageFormat | None = None) -> ImageVariant | None:  # noqa: A002
        return self._variant(size.value, format)

    @strawberry.field(description="For an `<img>`: each size's address and width.")
    def srcset(self, format: ImageFormat | None = None) -> str | None:  # noqa: A002
        variants = [v for size in SIZES if (v := self._variant(size, format))]
        by_width = {v.width: f"{v.url} {v.width}w" for v in variants}
        return ", ".join(by_width.values()) or None

    @strawberry.field
    def dominant_color(self) -> RGB | None:
        colour = self.row.dominant_color
        if colour is None:
            return None
        return RGB(r=colour >> 16, g=colour >> 8 & 255, b=colour & 255, hex=f"#{colour:06x}")

    @strawberry.field
    def metadata(self) -> ImageMetadata | None:
        row = self.row
        return ImageMetadata(width=row.width, height=row.height, format=row.format, bytes=row.bytes)

    def _address(self, size: str) -> str | None:
        stored = self.row.variants.get(size)
        return self.addresses.of(self.row, size, stored["format"]) if stored else None

    def _variant(self, size: str, format_: ImageFormat | None) -> ImageVariant | None:
        stored = self.row.variants.get(size)
        if stored is None:
            return None
        wanted = format_.value if format_ else stored["format"]
        return ImageVariant(
            url=self.addresses.of(self.row, size, wanted),
            width=stored["width"],
            height=stored["height"],
            format=wanted,
            bytes=stored["bytes"] if wanted == stored["format"] else None,
        )


async def media_connection(
    info: Info, request: PageRequest, page: Page[models.MediaFile]
) -> Connection[MediaFile]:
    """The page without what the viewer may not see."""
    visible = await info.context.loaders.visible_among(page.rows)
    return page.connection(
        request, lambda row: (row.id.hex,), lambda row: MediaFile.of(row, info) if row.id in visible else None
    )
