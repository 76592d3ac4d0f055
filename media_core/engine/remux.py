"""A film as a stranger may have it: its pictures and its sound, copied into a container that says nothing else.

No frame is encoded anew. What is written beside them stays behind: places and devices, tracks of positions, chapters, cover
pictures, colour profiles, bytes between the samples and what goes beside one; within the pictures' own stream whatever is neither a picture nor needed for one (messages
that encoders, cameras and drones write, padding, units of no known kind); and of what a decoder is told before the first
frame, all that is no parameter.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from media_core.engine.tracks import Tracks, codec_of
from media_core.errors import ImageRejected, RejectCode
from media_core.formats.parameters import KEPT, parameters_alone
from media_core.results import Variant
from media_core.spec import Films

__all__ = ["remuxed"]

_UNITS = {
    name: f"filter_units=pass_types={'|'.join(map(str, sorted(kinds)))}" for name, kinds in KEPT.items()
}
_TRIMMED = "skip_samples"
"""How much of a packet's sound is not heard: the one thing beside a packet that goes with it."""
_PROFILES = (b"colrprof", b"colrrICC")
_CONTAINERS = {"mp4": "mp4", "mov": "mp4", "webm": "webm"}
_OPTIONS = {"mp4": {"fflags": "+bitexact", "movflags": "+faststart"}, "webm": {"fflags": "+bitexact"}}


def remuxed(tracks: Tracks, kind: str, films: Films, size: tuple[int, int]) -> tuple[Variant, int]:
    """The whole film, its index first, and its length in milliseconds; ``size`` is what it is shown in.

    Raises ImageRejected, FFmpegError.
    """
    import av

    container, written = _CONTAINERS[kind], io.BytesIO()
    with av.open(
        written,
        mode="w",
        format=container,
        options=_OPTIONS[container],
        io_open=lambda *_: _Again(written),
    ) as out:
        ways = {track.index: _Way(track, out) for track in tracks.both}
        end = 0.0
        for packet in _packets(tracks):
            end = max(end, _end(packet))
            if end > films.max_seconds:
                raise ImageRejected(RejectCode.TOO_LONG)
            out.mux(ways[packet.stream.index].through(packet))
    if container == "mp4":
        _without_profiles(written)
    return Variant(written.getvalue(), *size, container), round(end * 1000)


class _Way:
    """From a track to its copy."""

    def __init__(self, track: Any, out: Any) -> None:
        from av.bitstream import BitStreamFilterContext

        self._copy = out.add_stream_from_template(track, opaque=True)
        self._told = track.codec_context.extradata or b""
        codec = codec_of(track)
        units = _UNITS.get(codec)
        self._filter = BitStreamFilterContext(units, track, self._copy) if units else None
        context = self._copy.codec_context
        told = parameters_alone(codec, context.extradata or b"")
        if told != (context.extradata or b""):  # which the filter leaves as it is
            context.extradata = told

    def through(self, packet: Any) -> list[Any]:
        """What is left of a packet. Raises ImageRejected."""
        packet = self._alone(packet)
        left = self._filter.filter(packet) if self._filter is not None else [packet]
        for one in left:
            one.stream = self._copy
        return left

    def _alone(self, packet: Any) -> Any:
        """Without what goes beside it: in Matroska a second picture or any bytes whatever, in MP4 other parameters."""
        from av.packet import Packet

        beside = {one.data_type: one for one in packet.iter_sidedata()}
        if bytes(beside.get("new_extradata", self._told)) != self._told:
            raise ImageRejected(RejectCode.UNSUPPORTED_FILM, "its decoder is told otherwise in the middle")
        if beside.keys() <= {_TRIMMED}:
            return packet
        alone = Packet(bytes(packet))
        for name in ("stream", "time_base", "pts", "dts", "duration", "is_keyframe"):
            setattr(alone, name, getattr(packet, name))
        if _TRIMMED in beside:
            alone.set_sidedata(beside[_TRIMMED])
        return alone


def _without_profiles(written: io.BytesIO) -> None:
    """Free space in place of each: they have words in them. Numbers for the colours have none, and stay."""
    start, end = _index(written)
    with written.getbuffer() as film:
        found = bytes(film[start:end])
        for kind in _PROFILES:
            at = found.find(kind)
            while at >= 4:
                after = at - 4 + int.from_bytes(found[at - 4 : at], "big")
                if at + 4 <= after <= len(found):
                    film[start + at : start + after] = b"free" + bytes(after - at - 4)
                at = found.find(kind, at + 1)


def _index(written: io.BytesIO) -> tuple[int, int]:
    """Where it begins and ends: the first of the large boxes."""
    start = 0
    while True:
        written.seek(start)
        size, name = struct.unpack(">I4s", written.read(8))
        if name == b"moov":
            return start, start + size
        start += size


class _Again:
    """What has been written so far, read from its beginning: the muxer moves it to make room for the index."""

    def __init__(self, written: io.BytesIO) -> None:
        self._written = written
        self._at = 0

    def read(self, size: int) -> bytes:
        with self._written.getbuffer() as view:
            chunk = bytes(view[self._at : self._at + size])
        self._at += len(chunk)
        return chunk

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._written.getbuffer().nbytes}
        self._at = starts[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        """Nothing is held."""


def _packets(tracks: Tracks) -> Iterator[Any]:
    """Those with something in them. Raises ImageRejected where some of it is missing."""
    found: Iterable[Any] = tracks.container.demux(tracks.both)
    for packet in found:
        if packet.is_corrupt:
            raise ImageRejected(RejectCode.TRUNCATED, "a frame is not whole")
        if packet.size:
            yield packet


def _end(packet: Any) -> float:
    """When it has been shown, in seconds."""
    at = packet.pts if packet.pts is not None else packet.dts
    if at is None or packet.time_base is None:
        return 0.0
    return float((at + (packet.duration or 0)) * packet.time_base)
