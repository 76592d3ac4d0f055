"""A film: how long it is, the picture that stands for it with all that pictures have, and the whole of it without metadata."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from media_core.engine.decode import refusing
from media_core.engine.encode import encode
from media_core.engine.pipeline import Stopwatch, process
from media_core.engine.poster import Shot, shot
from media_core.engine.remux import remuxed
from media_core.engine.tracks import Tracks, need_extra, opened
from media_core.errors import ImageRejected, RejectCode
from media_core.formats import Buffer
from media_core.formats.film import film_kind, survey
from media_core.results import ImageMetadata, Processed, Variant
from media_core.spec import SIZES, Films, Format, Limits, Spec

__all__ = ["clean_film", "film", "is_wanted"]

_STILL = Spec(format=Format.JPEG, quality=95)
"""Sizes and other formats are made from it: as large as the largest of them."""
_DATES = ("com.apple.quicktime.creationdate", "creation_time")


def is_wanted(data: Buffer, spec: Spec) -> bool:
    """Whether it is a film where films are taken."""
    return spec.films is not None and film_kind(data) is not None


def film(data: Buffer, spec: Spec, watch: Stopwatch) -> Processed:
    """All of it. Raises ImageRejected."""
    kind, films = _checked(data, spec)
    with watch.stage("open"):
        survey(data, kind)
    with watch.stage("decode"), opened(data, kind) as tracks:
        found = _shot(tracks, spec.limits, films)
        taken_at = _taken_at(tracks.container.metadata)
    with watch.stage("full"):
        full, length = _copied(data, kind, films, found)
    with watch.stage("encode"), refusing():
        still = encode(found.picture, _STILL)
    made = process(still.data, replace(spec, films=None, full_size=False, moving=None, turn=0), watch)
    metadata = ImageMetadata(
        found.width, found.height, kind, len(data), taken_at=taken_at, milliseconds=length
    )
    return replace(made, metadata=metadata, full=full, still=still)


def clean_film(data: Buffer, spec: Spec) -> Variant:
    """The whole film alone, without metadata. Raises ImageRejected."""
    kind, films = _checked(data, spec)
    survey(data, kind)
    with opened(data, kind) as tracks:
        found = _shot(tracks, spec.limits, films)
    return _copied(data, kind, films, found)[0]


def _checked(data: Buffer, spec: Spec) -> tuple[str, Films]:
    kind, films = film_kind(data), spec.films
    if kind is None or films is None or not films.kinds:
        raise ImageRejected(RejectCode.FILMS_NOT_TAKEN)
    need_extra()
    if kind not in films.kinds:
        raise ImageRejected(RejectCode.UNSUPPORTED_FILM, f"{kind} is not among {', '.join(films.kinds)}")
    if len(data) > films.max_bytes:
        raise ImageRejected(RejectCode.TOO_MANY_BYTES)
    return kind, films


def _shot(tracks: Tracks, limits: Limits, films: Films) -> Shot:
    announced = tracks.container.duration
    if announced is not None and announced > films.max_seconds * 1_000_000:
        raise ImageRejected(RejectCode.TOO_LONG, f"{announced // 1_000_000} seconds")
    within = replace(limits, max_pixels=min(limits.max_pixels, films.max_pixels))
    return shot(tracks.container, tracks.pictures, within, max(SIZES.values()))


def _copied(data: Buffer, kind: str, films: Films, found: Shot) -> tuple[Variant, int]:
    """From the beginning once more: frames have been read for the still."""
    with opened(data, kind) as tracks:
        return remuxed(tracks, kind, films, (found.width, found.height))


def _taken_at(metadata: dict[str, Any]) -> str | None:
    """As the camera noted it, in ISO 8601; None where it did not, or not as a time."""
    said = next((str(metadata[name]) for name in _DATES if name in metadata), None)
    try:
        return datetime.fromisoformat(said).isoformat() if said else None
    except ValueError:
        return None
