"""Where bytes are kept: one narrow protocol, on disk or on S3."""

from __future__ import annotations

from media_core.storage.disk import DiskStore
from media_core.storage.factory import object_store
from media_core.storage.protocol import (
    DirectTerms,
    DirectUpload,
    InvalidKey,
    ObjectInfo,
    ObjectMissing,
    ObjectSource,
    ObjectStore,
    StorageError,
    StorageUnavailable,
)

__all__ = [
    "DirectTerms",
    "DirectUpload",
    "DiskStore",
    "InvalidKey",
    "ObjectInfo",
    "ObjectMissing",
    "ObjectSource",
    "ObjectStore",
    "StorageError",
    "StorageUnavailable",
    "object_store",
]
