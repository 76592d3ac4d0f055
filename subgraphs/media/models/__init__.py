"""The media domain's tables."""

from __future__ import annotations

from subgraphs.media.models.albums import (
    ALBUM,
    Album,
    AlbumItem,
    AlbumMember,
    AlbumShare,
    AssetReference,
    AssetTag,
    Favorite,
    Purge,
)
from subgraphs.media.models.files import (
    MEDIA,
    METADATA,
    TABLES,
    Blob,
    BlobClaim,
    BlobReference,
    MediaFile,
    MediaTable,
    StorageQuota,
    StoreIdentity,
    UploadPart,
    UploadSession,
)

__all__ = [
    "ALBUM",
    "MEDIA",
    "METADATA",
    "TABLES",
    "Album",
    "AlbumItem",
    "AlbumMember",
    "AlbumShare",
    "AssetReference",
    "AssetTag",
    "Blob",
    "BlobClaim",
    "BlobReference",
    "Favorite",
    "MediaFile",
    "MediaTable",
    "Purge",
    "StorageQuota",
    "StoreIdentity",
    "UploadPart",
    "UploadSession",
]
