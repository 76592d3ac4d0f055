"""Films made as they are needed, with all that cameras write beside them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.media_core.photographs import SECRET, scene

__all__ = ["PLACE", "boxes", "commented", "film", "hidden", "widened"]

PLACE = "+48.8584+002.2945/"
"""Where it was taken, as telephones write it (ISO 6709)."""
_RATE = 25
_SAMPLES = 48_000


@dataclass(frozen=True)
class _Kind:
    format: str
    pictures: str
    sound: str
    layout: str = "mono"


_KINDS = {
    "mp4": _Kind("mp4", "libx264", "aac"),
    "hevc.mp4": _Kind("mp4", "libx265", "aac"),
    "av1.mp4": _Kind("mp4", "libsvtav1", "libopus"),
    "mov": _Kind("mov", "libx264", "aac"),
    "webm": _Kind("webm", "libvpx-vp9", "libopus"),
    "vp8.webm": _Kind("webm", "libvpx", "libopus"),
    "vorbis.webm": _Kind("webm", "libvpx", "vorbis", "stereo"),
    "live.webm": _Kind("webm", "libvpx", "libopus"),
    "mpeg4.mp4": _Kind("mp4", "mpeg4", "aac"),
    "pcm.mov": _Kind("mov", "libx264", "pcm_s16le"),
}


def film(
    kind: str = "mp4",
    size: tuple[int, int] = (320, 240),
    frames: int = 50,
    rotation: int = 0,
    sound: bool = True,
    noted: bool = False,
    silent_seconds: int = 0,
    noise: bool = False,
) -> bytes:
    """Black at first, then a scene, or what does not compress. ``noted``: with where and when, in every place that the muxer has for it;
    ``silent_seconds`` more of sound after the pictures."""
    import av

    made, out = _KINDS[kind], _Unseekable() if kind.startswith("live") else io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if made.format != "webm" else {}
    with _as_urgent_as_before(), av.open(out, "w", format=made.format, options=options) as container:
        if noted:
            container.metadata.update(
                {
                    "title": SECRET,
                    "comment": SECRET,
                    "location": PLACE,
                    "com.apple.quicktime.location.ISO6709": PLACE,
                    "creation_time": "2024-05-06T07:08:09Z",
                }
            )
        track: Any = container.add_stream(made.pictures, rate=_RATE)
        track.width, track.height, track.pix_fmt = *size, "yuv420p"
        track.codec_context.options = _QUIET.get(made.pictures, {})
        if rotation:
            track.set_display_rotation(rotation)
        heard: Any = container.add_stream(made.sound, rate=_SAMPLES, layout=made.layout) if sound else None
        if heard is not None:
            heard.codec_context.options = _QUIET.get(made.sound, {})
        black = Image.new("RGB", size)
        lit = Image.effect_noise(size, 120).convert("RGB") if noise else scene(*size)
        for number in range(frames):
            picture = av.VideoFrame.from_image(black if number < 10 else lit)  # type: ignore[no-untyped-call]
            container.mux(track.encode(picture))
            if heard is not None:
                container.mux(heard.encode(_silence(heard)))
        for _ in range(silent_seconds * _RATE):
            container.mux(heard.encode(_silence(heard)))
        container.mux(track.encode(None))
        if heard is not None:
            container.mux(heard.encode(None))
    return out.getvalue()


@contextmanager
def _as_urgent_as_before() -> Iterator[None]:
    """The encoder of AV1 makes the thread that opens it, and so all that it starts later, a real-time one where it may."""
    if not hasattr(os, "sched_setscheduler"):  # another system than Linux
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


_QUIET = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "vorbis": {"strict": "experimental"},
}


def _silence(track: Any) -> Any:
    import av

    frame = av.AudioFrame(format=track.format.name, layout=track.layout.name, samples=_SAMPLES // _RATE)
    frame.sample_rate = _SAMPLES
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame


class _Unseekable(io.BytesIO):
    """As a browser records: no length is ever filled in."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise io.UnsupportedOperation


def hidden(data: bytes) -> bytes:
    """An MP4 or MOV with more at its end: XMP, free space that is not empty, bytes that no track shows."""
    note = SECRET.encode()
    xmp = (
        bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
        + b"<x:xmpmeta>"
        + note
        + PLACE.encode()
        + b"</x:xmpmeta>"
    )
    more = [
        (b"uuid", xmp),
        (b"free", note),
        (b"mdat", b"gpmd" + note),
        (b"udta", b"\xa9xyz" + PLACE.encode()),
    ]
    return data + b"".join((len(body) + 8).to_bytes(4, "big") + name + body for name, body in more)


def commented(data: bytes) -> bytes:
    """A WebM whose sound is Vorbis, with comments in its headers, as programs that wrote Ogg leave them there."""
    import av

    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as given, av.open(out, "w", format="webm") as container:
        copies = {track.index: container.add_stream_from_template(track) for track in given.streams}
        heard: Any = next(track for track in copies.values() if track.type == "audio").codec_context
        told = heard.extradata
        rate, books = told[3:33], told[told.index(b"\x05vorbis") :]
        written = f"LOCATION={PLACE}{SECRET}".encode()
        comments = (
            b"\x03vorbis" + bytes(4) + b"\1\0\0\0" + len(written).to_bytes(4, "little") + written + b"\1"
        )
        heard.extradata = b"\2" + bytes([len(rate), len(comments)]) + rate + comments + books
        for packet in given.demux():
            if packet.size:
                packet.stream = copies[packet.stream.index]
                container.mux(packet)
    return out.getvalue()


_FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta"}


def boxes(data: bytes, start: int = 0, end: int | None = None) -> list[tuple[bytes, int, int]]:
    """Every box of an MP4 with where it begins and ends, those within others after them."""
    at, found = start, []
    end = len(data) if end is None else end
    while at + 8 <= end:
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        size = size or end - at
        found.append((name, at, at + size))
        if name in _FOLDERS:
            found += boxes(data, at + 8, at + size)
        at += size
    return found


def widened(data: bytes, width: int, height: int) -> bytes:
    """An H.264 MP4 whose headers say another size."""
    made = bytearray(data)
    for name, start, end in boxes(data):
        if name == b"tkhd":
            made[end - 8 : end] = (width << 16).to_bytes(4, "big") + (height << 16).to_bytes(4, "big")
        if name == b"stsd":
            at = data.find(b"avc1", start, end)
            if at > 0:
                made[at + 28 : at + 32] = width.to_bytes(2, "big") + height.to_bytes(2, "big")
    return bytes(made)
