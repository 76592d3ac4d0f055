"""A picture in the JSON that `POST /upload` and `/public/files` answer."""

from __future__ import annotations

from typing import Any

from media_core import SIZES
from subgraphs.kit.graph.relay import to_global
from subgraphs.media.models import MediaFile
from subgraphs.media.readers import Reader
from subgraphs.media.serving.addresses import Addresses
from subgraphs.media.storage.keys import FULL

__all__ = ["file_json"]


def file_json(row: MediaFile, addresses: Addresses, reader: Reader) -> dict[str, Any]:
    """For a reader who may see it; addresses are null for sizes that are not there yet."""

    def address(size: str) -> str | None:
        stored = row.variants.get(size)
        return addresses.of(row, size, stored["format"], reader) if stored else None

    film = {"duration": row.milliseconds / 1000} if row.milliseconds is not None else {}
    colour = row.dominant_color
    return {
        "id": to_global("MediaFile", row.id),
        "url": addresses.of(row, FULL, row.variants.get(FULL, {}).get("format", row.format), reader),
        "optimizedUrl": address("large"),
        "thumbnailUrl": address("thumbnail"),
        "responsiveSizes": {size: address(size) for size in SIZES},
        "blurPlaceholder": row.blur_placeholder,
        "dominantColor": None
        if colour is None
        else {"r": colour >> 16, "g": colour >> 8 & 255, "b": colour & 255},
        "metadata": {"width": row.width, "height": row.height, "format": row.format, **film},
        "visibility": row.visibility.lower(),
    }
