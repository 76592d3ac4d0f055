"""A film opened by FFmpeg (the extra `media-extra`): by the one demuxer for it, and which of its tracks are the film."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from media_core.engine.decode import refusing, stream
from media_core.errors import ImageRejected, RejectCode
from media_core.formats import Buffer

__all__ = ["Tracks", "codec_of", "need_extra", "opened", "reading"]

_DEMUXERS = {"mp4": "mov", "mov": "mov", "webm": "matroska"}
_PICTURES = frozenset({"h264", "hevc", "vp8", "vp9", "av1"})
_SOUND = frozenset({"aac", "mp3", "opus", "vorbis"})
_DECODERS = "h264,hevc,vp8,vp9,libdav1d,aac,mp3float,mp3,opus,libopus,vorbis"
"""That FFmpeg may open while it looks what there is."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """Streams of PyAV, which has no types that hold."""

    container: Any
    pictures: Any
    sound: Any | None

    @property
    def both(self) -> list[Any]:
        return [track for track in (self.pictures, self.sound) if track is not None]


def need_extra(find: Callable[[str], object | None] = find_spec) -> None:
    """Raises ImageRejected where FFmpeg is not installed."""
    if find("av") is None:
        raise ImageRejected(RejectCode.FILMS_NOT_TAKEN, "films need the extra media-extra")


@contextmanager
def reading() -> Iterator[None]:
    """Turns whatever FFmpeg says about bad bytes into a refusal."""
    from av.error import FFmpegError

    with refusing():
        try:
            yield
        except MemoryError:
            raise
        except FFmpegError as error:
            raise ImageRejected(RejectCode.CORRUPT, str(error)) from error


@contextmanager
def opened(data: Buffer, kind: str) -> Iterator[Tracks]:
    """For the length of the block, in which FFmpeg's errors are refusals, too. Raises ImageRejected."""
    import av

    with reading():
        options = {"codec_whitelist": _DECODERS}
        with av.open(stream(data), mode="r", format=_DEMUXERS[kind], options=options) as container:
            yield _chosen(container)


def codec_of(track: Any) -> str:
    """Its standard's name; empty for what no decoder is there for."""
    context = track.codec_context
    return context.codec.canonical_name if context is not None else ""


def _chosen(container: Any) -> Tracks:
    """The first of pictures and the first of sound that browsers play; cover pictures and positions are left."""
    from av.stream import Disposition

    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    moving = [track for track in container.streams.video if not track.disposition & covers]
    pictures = next((track for track in moving if codec_of(track) in _PICTURES), None)
    heard = list(container.streams.audio)
    sound = next((track for track in heard if codec_of(track) in _SOUND), None)
    if pictures is None or (heard and sound is None):
        found = ", ".join(codec_of(track) or "unknown" for track in [*moving, *heard])
        raise ImageRejected(RejectCode.UNSUPPORTED_FILM, found)
    return Tracks(container, pictures, sound)
