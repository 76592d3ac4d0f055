from __future__ import annotations

import base64
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import media_core
from media_core import Format, ImageMetadata, Spec
from tests.media_core.photographs import SECRET, encoded, exif, photograph, pixels, scene
from tests.media_core.profiles import ADOBE_RGB, DISPLAY_P3

SIDES = {"thumbnail": 150, "small": 400, "medium": 800, "large": 1920}
METADATA = (SECRET.encode(), b"Exif", b"EXIF", b"ICC", b"XMP", b"Camera", b"iCCP", b"eXIf")


def sizes(done: media_core.Processed) -> dict[str, tuple[int, int]]:
    """As the encoded bytes have them, which must be as the variant says."""
    for variant in done.variants.values():
        assert pixels(variant.data).size == (variant.width, variant.height)
    return {name: (variant.width, variant.height) for name, variant in done.variants.items()}


def near(left: Image.Image, right: Image.Image, tolerance: float) -> bool:
    """Whether two pictures differ by at most so much a channel on average."""
    a, b = left.convert("RGB").tobytes(), right.convert("RGB").tobytes()
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a) <= tolerance


def test_a_camera_photograph_comes_out_in_four_sizes_turned_and_much_smaller() -> None:
    original = photograph(orientation=6)
    done = media_core.process(original)
    assert sizes(done) == {
        "thumbnail": (112, 150),
        "small": (300, 400),
        "medium": (600, 800),
        "large": (1440, 1920),
    }
    assert {variant.format for variant in done.variants.values()} == {"webp"}
    assert done.metadata == ImageMetadata(3024, 4032, "jpeg", len(original), taken_at="2026-05-01T10:00:00")
    assert sum(len(variant.data) for variant in done.variants.values()) <= 0.6 * len(original)
    assert done.full is None


def test_the_same_bytes_give_the_same_result_also_from_a_file(tmp_path: Path) -> None:
    data = photograph(640, 480)
    path = tmp_path / "picture.txt"
    path.write_bytes(data)
    assert media_core.process(data) == media_core.process(path)


def test_a_path_that_cannot_be_read_is_an_os_error_and_no_verdict_on_a_picture(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, error in (
        (tmp_path / "none", FileNotFoundError),
        (tmp_path, OSError),
        (tmp_path / "pipe", OSError),
    ):
        with pytest.raises(error):
            media_core.process(path)


async def test_the_async_entry_gives_the_same() -> None:
    data = photograph(640, 480)
    assert await media_core.process_async(data) == media_core.process(data)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_every_format_is_taken(format_: str) -> None:
    data = encoded(scene(320, 200), format_)
    done = media_core.process(data)
    assert done.metadata == ImageMetadata(320, 200, format_.lower(), len(data))
    assert sizes(done) == {
        "thumbnail": (150, 94),
        "small": (320, 200),
        "medium": (320, 200),
        "large": (320, 200),
    }
    assert near(pixels(done.variants["large"].data), scene(320, 200), 14)


@pytest.mark.parametrize("format_", list(Format))
def test_every_format_can_be_made(format_: Format) -> None:
    done = media_core.process(encoded(scene(500, 300), "PNG"), Spec(("medium", "thumbnail"), format_))
    assert list(done.variants) == ["medium", "thumbnail"]
    assert sizes(done) == {"medium": (500, 300), "thumbnail": (150, 90)}
    assert {pixels(variant.data).format for variant in done.variants.values()} == {format_.name}


@pytest.mark.parametrize("format_", ["JPEG", "WEBP", "PNG", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_end_upright(format_: str, orientation: int) -> None:
    upright = scene(240, 160)
    inverse = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if inverse is None else upright.transpose(inverse)
    done = media_core.process(
        encoded(stored, format_, exif=exif(orientation), quality=90), Spec(("large",), full_size=True)
    )
    assert done.full is not None
    assert (done.metadata.width, done.metadata.height) == (240, 160)
    for variant in (done.variants["large"], done.full):
        assert (variant.width, variant.height) == (240, 160)
        assert near(pixels(variant.data), upright, 9)


@pytest.mark.parametrize(("profile", "gain"), [(DISPLAY_P3, 15), (ADOBE_RGB, 30)])
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_wide_gamuts_become_srgb(format_: str, profile: bytes, gain: int) -> None:
    source = Image.new("RGB", (64, 64), (180, 100, 60))
    done = media_core.process(
        encoded(source, format_, icc_profile=profile, quality=100), Spec(full_size=True)
    )
    assert done.full is not None
    for variant in (done.variants["small"], done.full):
        shown = pixels(variant.data)
        red, green, _ = shown.convert("RGB").getpixel((32, 32))  # type: ignore[misc]
        assert red >= 180 + gain - 10
        assert green <= 103
        assert "icc_profile" not in shown.info


def test_a_broken_profile_does_not_cost_the_picture() -> None:
    done = media_core.process(encoded(scene(64, 64), "JPEG", icc_profile=b"no profile" * 40))
    assert near(pixels(done.variants["large"].data), scene(64, 64), 14)


def test_cmyk_becomes_rgb() -> None:
    done = media_core.process(
        encoded(Image.new("CMYK", (50, 40), (0, 255, 255, 0)), "JPEG"), Spec(full_size=True)
    )
    assert done.full is not None
    for variant in (done.variants["large"], done.full):
        red, green, blue = pixels(variant.data).convert("RGB").getpixel((20, 20))  # type: ignore[misc]
        assert red > 230
        assert green < 30
        assert blue < 30


def test_transparency_is_kept_and_see_through_colours_do_not_bleed() -> None:
    picture = Image.new("RGBA", (600, 600), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (150, 150, 450, 450))
    done = media_core.process(encoded(picture, "PNG"))
    small = pixels(done.variants["small"].data).convert("RGBA")
    assert small.getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert small.getpixel((200, 200))[3] == 255  # type: ignore[index]
    edge = [small.getpixel((x, 200)) for x in range(95, 105)]
    assert all(pixel[0] < 40 for pixel in edge if pixel[3] > 60)  # type: ignore[index]
    assert done.metadata.alpha
    assert done.dominant_color == (0, 0, 255)


def test_jpeg_is_flattened_onto_white() -> None:
    data = encoded(Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "PNG")
    variant = media_core.render(data, "thumbnail", Format.JPEG)
    assert pixels(variant.data).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_looks_the_same(mode: str) -> None:
    grey = Image.linear_gradient("L")
    if mode == "I;16":
        picture = Image.frombytes("I;16", grey.size, b"".join(bytes((7, value)) for value in grey.tobytes()))
    else:
        picture = grey.convert(mode)
        grey = picture.convert("RGBA").convert("L")
    done = media_core.process(encoded(picture, "PNG"))
    assert near(pixels(done.variants["large"].data).convert("L"), grey, 4)


def test_a_transparent_colour_of_grey_and_palette_is_alpha() -> None:
    for mode, key in (("L", 255), ("P", 0), ("I;16", 0)):
        picture = Image.new(mode, (30, 30), 0)
        picture.paste(0 if mode != "L" else 255, (0, 0, 15, 30))
        picture.paste(40 if mode != "I;16" else 40_000, (15, 0, 30, 30))
        done = media_core.process(encoded(picture, "PNG", transparency=key))
        shown = pixels(done.variants["large"].data).convert("RGBA")
        assert (shown.getpixel((3, 15))[3], shown.getpixel((27, 15))[3]) == (0, 255)  # type: ignore[index]


def test_an_animation_gives_its_first_frame_and_says_how_many_there_are() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    for format_ in ("GIF", "PNG", "WEBP", "AVIF"):
        data = encoded(frames[0], format_, save_all=True, append_images=frames[1:], duration=100, quality=90)
        done = media_core.process(data)
        assert done.metadata.frames == 3
        red, green, blue = done.dominant_color
        assert (red > 240, green < 16, blue < 16) == (True, True, True)


def test_nothing_of_the_metadata_is_left_in_any_output() -> None:
    data = photograph(800, 600, orientation=3)
    done = media_core.process(data, Spec(full_size=True))
    assert done.full is not None
    outputs = [variant.data for variant in (*done.variants.values(), done.full)]
    outputs += [media_core.render(data, "small", format_).data for format_ in Format]
    outputs.append(base64.b64decode(done.blur_placeholder.partition(",")[2]))
    for output in outputs:
        # AVIF's boxes name what they do not hold; the secret itself is what counts there.
        names = METADATA if output[4:8] != b"ftyp" else METADATA[:1]
        assert [name for name in names if name in output] == []
        assert not pixels(output).getexif()


def test_placeholders_are_small_and_alike() -> None:
    for picture in (scene(4000, 30), scene(31, 900), scene(1, 1), scene(500, 500).convert("RGBA")):
        done = media_core.process(encoded(picture, "PNG"))
        assert done.blur_placeholder.startswith("data:image/webp;base64,")
        assert len(done.blur_placeholder) <= 1024
        small = Image.open(io.BytesIO(base64.b64decode(done.blur_placeholder.partition(",")[2])))
        assert max(small.size) <= 64
        assert 5 <= len(base64.b64decode(done.thumbhash, validate=True)) <= 25


def test_one_colour_is_the_dominant_colour() -> None:
    done = media_core.process(encoded(Image.new("RGB", (700, 20), (12, 200, 99)), "PNG"))
    assert done.dominant_color == (12, 200, 99)


def test_unknown_sizes_and_wrong_types_are_the_callers_mistakes() -> None:
    with pytest.raises(ValueError, match="unknown sizes: huge"):
        Spec(("huge",))
    with pytest.raises(TypeError):
        media_core.process("a string")  # type: ignore[arg-type]


@settings(max_examples=40)
@given(
    width=st.integers(1, 2500),
    height=st.integers(1, 2500),
    mode=st.sampled_from(["L", "RGB", "RGBA", "P", "1"]),
    format_=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
)
def test_any_size_fits_is_never_enlarged_and_keeps_its_shape(
    width: int, height: int, mode: str, format_: str
) -> None:
    kept = "RGB" if format_ == "JPEG" and mode in {"RGBA", "P"} else mode
    done = media_core.process(encoded(Image.new(kept, (width, height), 1), format_))
    assert (done.metadata.width, done.metadata.height) == (width, height)
    for name, (w, h) in sizes(done).items():
        assert max(w, h) == min(max(width, height), SIDES[name])
        scale = max(w, h) / max(width, height)
        assert abs(w - width * scale) <= 1
        assert abs(h - height * scale) <= 1
