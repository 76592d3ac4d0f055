"""Sizes, formats, states and figures: the small types that pictures are described by."""

from __future__ import annotations

from enum import Enum

import strawberry

from subgraphs.kit.graph.late import late

__all__ = [
    "KEEP_COPYRIGHT",
    "RGB",
    "FocalPoint",
    "ImageFormat",
    "ImageMetadata",
    "ImageVariant",
    "MediaCrop",
    "MediaKind",
    "MediaSize",
    "MediaStatus",
    "MediaVisibility",
    "PurgeState",
    "ResponsiveSizes",
    "StorageUsage",
]


KEEP_COPYRIGHT = (
    "Whether a picture's copyright and artist, as its Exif names them, stay with all that is made of it; of a film "
    "nothing does."
)


@strawberry.enum(description="The longer side in pixels: 150, 400, 800, 1920; never enlarged.")
class MediaSize(Enum):
    THUMBNAIL = "thumbnail"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@strawberry.enum(
    description="A shape that a size is cut to, within its square, around the focal point or where there is most to "
    "see: 1:1, 3:4, 4:3, 9:16, 16:9."
)
class MediaCrop(Enum):
    SQUARE = "square"
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"
    TALL = "tall"
    WIDE = "wide"


@strawberry.enum
class ImageFormat(Enum):
    WEBP = "webp"
    AVIF = "avif"
    JPEG = "jpeg"
    PNG = "png"


@strawberry.enum
class MediaKind(Enum):
    IMAGE = strawberry.enum_value("IMAGE", description="A picture, still or moving.")
    VIDEO = strawberry.enum_value(
        "VIDEO", description="A film: `url` plays, all sizes are of the still that stands for it."
    )


@strawberry.enum
class MediaVisibility(Enum):
    PUBLIC = strawberry.enum_value("PUBLIC", description="Everyone, but across a block.")
    PRIVATE = strawberry.enum_value(
        "PRIVATE",
        description="Its owner, and who may see a post or an album that its owner puts it into.",
    )


@strawberry.enum
class MediaStatus(Enum):
    READY = strawberry.enum_value("READY", description="All sizes are there.")
    DEGRADED = strawberry.enum_value("DEGRADED", description="Stored and served, but not optimised yet.")
    PROCESSING = strawberry.enum_value("PROCESSING", description="Being worked on.")
    FAILED = strawberry.enum_value(
        "FAILED", description="Could not be made into sizes, often; served whole where that could be."
    )


@strawberry.type(description="One encoded picture.")
class ImageVariant:
    url: str
    width: int
    height: int
    format: str
    bytes: int | None = strawberry.field(description="Null for a format that is made when first fetched.")


@late("thumbnail", "small", "medium", "large")
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

    @classmethod
    def of(cls, colour: int) -> RGB:
        """From ``0xRRGGBB``."""
        return cls(r=colour >> 16, g=colour >> 8 & 255, b=colour & 255, hex=f"#{colour:06x}")


@strawberry.type(description="From 0 to 1, of the picture as it is shown.")
class FocalPoint:
    x: float = strawberry.field(description="Rightwards.")
    y: float = strawberry.field(description="Downwards.")


@strawberry.type(description="Of what was uploaded, turned as it is shown.")
class ImageMetadata:
    width: int
    height: int
    format: str
    bytes: int
    frames: int = strawberry.field(description="More than one of an animation.")


@strawberry.enum(
    description="Whether the content delivery network has forgotten what it must no longer show."
)
class PurgeState(Enum):
    ACKNOWLEDGED = strawberry.enum_value("ACKNOWLEDGED", description="It said so.")
    PENDING = strawberry.enum_value("PENDING", description="It is asked again until it does.")


@strawberry.type(description="What a person stores, the trash included, and how much they may.")
class StorageUsage:
    used: float = strawberry.field(description="Bytes; a content that is there twice counts once.")
    limit: float = strawberry.field(description="Bytes.")
    files: int
    file_limit: int
