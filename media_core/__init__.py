"""Bytes to sizes, placeholder, colour and metadata; storage; signing. No GraphQL, no database."""

from __future__ import annotations

from media_core.api import (
    Picture,
    Progress,
    animate,
    animate_async,
    crop,
    crop_async,
    inspect,
    inspect_async,
    poster,
    poster_async,
    process,
    process_async,
    render,
    render_async,
    sanitize,
    sanitize_async,
    sanitize_svg,
    sanitize_svg_async,
    set_observer,
)
from media_core.errors import ImageRejected, MediaError, PoolBusy, PoolUnavailable, RejectCode
from media_core.formats.film import FILM_KINDS, is_film
from media_core.observer import SILENT, Observer
from media_core.pool.pool import PoolSettings
from media_core.pool.shared import close, configure, pool_jobs
from media_core.results import ImageMetadata, Processed, Variant, media_type_of
from media_core.spec import DEFAULT, PIPELINE_VERSION, SIZES, Crop, Films, Format, Limits, Spec

__all__ = [
    "DEFAULT",
    "FILM_KINDS",
    "PIPELINE_VERSION",
    "SILENT",
    "SIZES",
    "Crop",
    "Films",
    "Format",
    "ImageMetadata",
    "ImageRejected",
    "Limits",
    "MediaError",
    "Observer",
    "Picture",
    "PoolBusy",
    "PoolSettings",
    "PoolUnavailable",
    "Processed",
    "Progress",
    "RejectCode",
    "Spec",
    "Variant",
    "animate",
    "animate_async",
    "close",
    "configure",
    "crop",
    "crop_async",
    "inspect",
    "inspect_async",
    "is_film",
    "media_type_of",
    "pool_jobs",
    "poster",
    "poster_async",
    "process",
    "process_async",
    "render",
    "render_async",
    "sanitize",
    "sanitize_async",
    "sanitize_svg",
    "sanitize_svg_async",
    "set_observer",
]
