"""The media domain's tables."""

from __future__ import annotations

from subgraphs.media.models.albums import ALBUM, Album, AlbumItem, AlbumMember, AlbumShare
from subgraphs.media.models.base import METADATA, TABLES, MediaTable
from subgraphs.media.models.files import MEDIA, MediaFile
from subgraphs.media.models.library import AssetTag, Favorite
from subgraphs.media.models.purges import Purge
from subgraphs.media.models.references import AssetReference
from subgraphs.media.models.storage import Blob, BlobClaim, BlobReference, StorageQuota, StoreIdentity
from subgraphs.media.models.uploads import UploadPart, UploadSession

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
