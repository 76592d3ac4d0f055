"""Any mode and profile to plain 8-bit sRGB, with alpha only where something shows through."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageChops, ImageCms

__all__ = ["flatten", "needs_conversion", "plain", "to_srgb"]

_PROFILE_MODES = {"L": (b"GRAY",), "RGB": (b"RGB ",), "CMYK": (b"CMYK",)}
_MAX_PROFILE = 4 * 1024 * 1024
_NEAR = 2


def plain(picture: Image.Image) -> Image.Image:
    """8 bits a channel in L, RGB, RGBA or CMYK, with the file's ``info`` left behind."""
    mode = picture.mode
    if mode == "I;16":
        made = _high_bytes(picture)
    elif mode == "I":
        made = picture.point(lambda value: value * (1 / 256)).convert("L")
    elif mode == "CMYK" or (mode in {"RGB", "L"} and "transparency" not in picture.info):
        made = picture
    elif mode in {"1", "L", "RGB", "P", "PA", "LA", "La", "RGBA", "RGBa", "RGBX"}:
        made = picture.convert("RGBA" if picture.has_transparency_data else "L" if mode == "1" else "RGB")
    else:
        made = picture.convert("RGB")
    if made.mode == "RGBA" and made.getchannel("A").getextrema() == (255, 255):
        made = made.convert("RGB")
    made.info = {}
    return made


def to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """By the profile where it is sound and fits the mode; otherwise the numbers are taken for sRGB."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha is not None else picture
    transform = _transform(profile, colours.mode) if 128 < len(profile) <= _MAX_PROFILE else None
    if transform is not None:
        converted = transform.apply(colours)
        converted.info = {}
    elif colours.mode == "CMYK":
        converted = colours.convert("RGB")
    else:
        return picture
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def needs_conversion(profile: bytes, mode: str) -> bool:
    """Whether showing the numbers as sRGB would show other colours."""
    return mode == "CMYK" or (128 < len(profile) <= _MAX_PROFILE and _transform(profile, mode) is not None)


def flatten(picture: Image.Image, background: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    """Onto the background, where there is alpha."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, background)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _high_bytes(picture: Image.Image) -> Image.Image:
    """16-bit grey by its high bytes: Pillow's own conversion would clip instead of scaling."""
    raw = picture.tobytes()
    grey = Image.frombytes("L", picture.size, raw[1::2])
    key = picture.info.get("transparency")
    if not isinstance(key, int):
        return grey
    differs = [
        Image.frombytes("L", picture.size, raw[at::2]).point(
            [0 if n == (key >> 8 * at) & 255 else 255 for n in range(256)]
        )
        for at in range(2)
    ]
    made = grey.convert("RGBA")
    made.putalpha(ImageChops.lighter(*differs))
    return made


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """None where the profile is bad, for another kind of picture, or as good as sRGB."""
    if mode not in _PROFILE_MODES or profile[16:20] not in _PROFILE_MODES[mode]:
        return None
    try:
        transform = ImageCms.buildTransform(
            io.BytesIO(profile),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return None if mode != "CMYK" and _is_identity(transform, mode) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _is_identity(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a grid of colours comes out as it went in."""
    steps = (0, 32, 96, 160, 224, 255)
    if mode == "L":
        grid = Image.frombytes("L", (256, 1), bytes(range(256)))
    else:
        cube = bytes(part for r in steps for g in steps for b in steps for part in (r, g, b))
        grid = Image.frombytes("RGB", (len(cube) // 3, 1), cube)
    before, after = grid.convert("RGB").tobytes(), transform.apply(grid).tobytes()
    return all(abs(a - b) <= _NEAR for a, b in zip(before, after, strict=True))
