"""Films: the picture that stands for one, its length, and the whole of it with nothing that it says of itself."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

import pytest

import media_core
from media_core import Films, ImageRejected, Processed, RejectCode, Spec
from media_core.engine.tracks import need_extra
from tests.media_core.film_parts import added_to_frames, described_twice, profiled, told_more
from tests.media_core.films import PLACE, boxes, commented, film, hidden
from tests.media_core.photographs import SECRET, encoded, pixels, scene
from tests.media_core.profiles import DISPLAY_P3
from tests.media_core.residue import residue

av = pytest.importorskip("av")

_SPEC = Spec(full_size=True, films=Films())
_SHOWN = {
    *(
        b"ftyp",
        b"moov",
        b"mvhd",
        b"trak",
        b"tkhd",
        b"edts",
        b"elst",
        b"mdia",
        b"mdhd",
        b"hdlr",
        b"minf",
        b"vmhd",
    ),
    *(
        b"smhd",
        b"dinf",
        b"dref",
        b"stbl",
        b"stsd",
        b"stts",
        b"stss",
        b"ctts",
        b"stsc",
        b"stsz",
        b"stco",
        b"sgpd",
    ),
    *(b"sbgp", b"sdtp", b"mdat", b"free"),
}
"""What an MP4 needs to be shown."""
_EMPTY = (
    b"\0\0\0=udta\0\0\x005meta" + bytes(7) + b"!hdlr" + bytes(8) + b"mdirappl" + bytes(9) + b"\0\0\0\x08ilst"
)
"""The list of what is said of a film, with nothing in it."""


def process(data: bytes, spec: Spec = _SPEC) -> Processed:
    return media_core.process(data, spec)


def frames(data: bytes) -> tuple[int, int]:
    """How many pictures and pieces of sound can be decoded."""
    counts = []
    for kind in ("video", "audio"):
        with av.open(io.BytesIO(data)) as container:
            counts.append(len(list(container.decode(**{kind: 0}))))
    return counts[0], counts[1]


@pytest.mark.parametrize(
    ("kind", "format_"),
    [
        ("mp4", "mp4"),
        ("hevc.mp4", "mp4"),
        ("av1.mp4", "mp4"),
        ("mov", "mp4"),
        ("webm", "webm"),
        ("vp8.webm", "webm"),
        ("live.webm", "webm"),
    ],
)
def test_a_film_has_a_length_and_its_still_in_every_size_and_is_copied_frame_by_frame(
    kind: str, format_: str
) -> None:
    data = film(kind)
    done = process(data)
    assert done.full is not None
    found = done.metadata
    assert (found.width, found.height, found.format) == (320, 240, kind.rpartition(".")[2])
    assert found.milliseconds is not None
    assert 1990 <= found.milliseconds <= 2100
    assert (done.full.format, done.full.media_type) == (format_, f"video/{format_}")
    assert frames(done.full.data) == frames(data)
    assert {name: (v.width, v.height) for name, v in done.variants.items()} == {
        "thumbnail": (150, 112),
        "small": (320, 240),
        "medium": (320, 240),
        "large": (320, 240),
    }
    assert pixels(done.variants["large"].data).convert("L").histogram()[100:] != [0] * 156
    assert done.blur_placeholder.startswith("data:image/webp;base64,")
    assert len(done.palette) > 1


@pytest.mark.parametrize("kind", ["mp4", "hevc.mp4", "av1.mp4", "mov", "webm"])
def test_nothing_is_left_of_where_and_when_and_by_what_it_was_taken(kind: str) -> None:
    data = film(kind, noted=True)
    if not kind.endswith("webm"):
        data = hidden(data)
    assert data.count(PLACE.encode()) >= 1
    assert data.count(SECRET.encode()) >= 1
    done = process(data)
    assert done.full is not None
    assert done.still is not None
    for token in (PLACE.encode(), SECRET.encode(), b"xmpmeta", b"x264", b"x265", b"\xa9xyz"):
        assert token not in done.full.data, token
    for picture in (done.still, *done.variants.values()):
        assert residue(picture.data) == []
    if done.full.format == "mp4":
        found = boxes(done.full.data)
        assert {name for name, _, _ in found} <= {*_SHOWN, b"udta", b"meta"}
        assert [data_ for n, a, b in found if n == b"udta" and (data_ := done.full.data[a:b]) != _EMPTY] == []
        assert next(n for n, _, _ in found if n in (b"moov", b"mdat")) == b"moov", "a browser wants it first"
    assert media_core.sanitize(data, Spec(films=Films())).data == done.full.data


def test_films_of_av1_are_made_without_making_all_else_wait() -> None:
    before = os.sched_getscheduler(0)
    film("av1.mp4", frames=2)
    assert os.sched_getscheduler(0) == before


@pytest.mark.parametrize("kind", ["webm", "vp8.webm", "live.webm"])
@pytest.mark.parametrize("change", [added_to_frames, told_more])
def test_nothing_goes_beside_the_frames_of_a_webm_nor_with_what_decoders_are_told(
    kind: str, change: Callable[[bytes], bytes]
) -> None:
    plain = film(kind)
    data = change(plain)
    assert data.count(SECRET.encode()) >= 2
    done = process(data)
    assert done.full is not None
    assert SECRET.encode() not in done.full.data
    assert _shown(done.full.data) == _shown(plain)


def test_a_profile_of_colours_goes_and_the_film_plays() -> None:
    plain = film()
    data = profiled(plain, DISPLAY_P3 + SECRET.encode())
    done = process(data)
    assert done.full is not None
    assert [t for t in (SECRET.encode(), b"acsp", b"colrprof") if t in done.full.data] == []
    assert _shown(done.full.data) == _shown(plain)


def test_a_film_is_described_once() -> None:
    message = b"\x06\x05\x22" + bytes(16) + SECRET.encode() + b"\x80"
    with pytest.raises(ImageRejected) as refused:
        process(described_twice(film(frames=120), message))
    assert refused.value.code is RejectCode.UNSUPPORTED_FILM
    done = process(described_twice(film(frames=120)))
    assert done.full is not None
    assert _shown(done.full.data) == _shown(film(frames=120))


def _shown(data: bytes) -> list[bytes]:
    """Every frame's pixels, and all of the sound."""
    import av

    with av.open(io.BytesIO(data), "r") as container:
        return [bytes(plane) for frame in container.decode() for plane in frame.planes]


def test_comments_of_vorbis_are_left_behind_and_its_sound_is_not() -> None:
    data = commented(film("vorbis.webm"))
    assert data.count(PLACE.encode()) == data.count(SECRET.encode()) == 1
    done = process(data)
    assert done.full is not None
    assert PLACE.encode() not in done.full.data
    assert SECRET.encode() not in done.full.data
    assert frames(done.full.data) == frames(data)


def test_when_it_was_taken_is_told_beside_it() -> None:
    assert process(film(noted=True)).metadata.taken_at == "2024-05-06T07:08:09+00:00"
    assert process(film()).metadata.taken_at is None


@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_a_film_held_upright_is_shown_upright(rotation: int) -> None:
    done = process(film("mp4", rotation=rotation))
    upright = (320, 240) if rotation == 180 else (240, 320)
    assert (done.metadata.width, done.metadata.height) == upright
    assert (done.variants["large"].width, done.variants["large"].height) == upright
    assert done.full is not None
    with av.open(io.BytesIO(done.full.data)) as container:
        assert next(container.decode(video=0)).rotation % 360 == rotation % 360
    expected = scene(320, 240).rotate(rotation, expand=True).convert("L").resize((8, 8))
    shown = pixels(done.variants["large"].data).convert("L").resize((8, 8))
    near = [abs(a - b) for a, b in zip(expected.tobytes(), shown.tobytes(), strict=True)]
    assert max(near) < 24


def test_without_sound_it_is_a_film_too() -> None:
    assert process(film(sound=False)).metadata.milliseconds == 2000


@pytest.mark.parametrize(
    ("kind", "films", "code"),
    [
        ("mp4", None, RejectCode.FILMS_NOT_TAKEN),
        ("mp4", Films(kinds=()), RejectCode.FILMS_NOT_TAKEN),
        ("mov", Films(kinds=("mp4",)), RejectCode.UNSUPPORTED_FILM),
        ("mpeg4.mp4", Films(), RejectCode.UNSUPPORTED_FILM),
        ("pcm.mov", Films(), RejectCode.UNSUPPORTED_FILM),
        ("mp4", Films(max_bytes=1000), RejectCode.TOO_MANY_BYTES),
        ("mp4", Films(max_seconds=1), RejectCode.TOO_LONG),
        ("live.webm", Films(max_seconds=1), RejectCode.TOO_LONG),
        ("mp4", Films(max_pixels=320 * 240 - 1), RejectCode.TOO_MANY_PIXELS),
    ],
)
def test_what_is_not_wanted_is_refused_and_says_why(kind: str, films: Films | None, code: RejectCode) -> None:
    with pytest.raises(ImageRejected) as refused:
        process(film(kind), Spec(films=films))
    assert refused.value.code is code


def test_a_picture_is_a_picture_where_films_are_taken(tmp_path: Any) -> None:
    done = process(encoded(scene(30, 20), "PNG"))
    assert (done.metadata.format, done.metadata.milliseconds, done.still) == ("png", None, None)
    path = tmp_path / "film.png"
    path.write_bytes(film())
    assert media_core.process(path, _SPEC).metadata.format == "mp4"


def test_without_the_extra_films_are_refused_as_films_and_its_name_is_told() -> None:
    with pytest.raises(ImageRejected) as refused:
        need_extra(lambda _: None)
    assert (refused.value.code, refused.value.message) == (
        RejectCode.FILMS_NOT_TAKEN,
        "Films are not taken here.",
    )
    assert refused.value.detail == "films need the extra media-extra"
