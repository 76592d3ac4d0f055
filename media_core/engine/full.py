"""The whole picture as a stranger may have it: upright, sRGB, and nothing of the file but its pixels.

Where the file is upright and sRGB already, its container is rebuilt without the metadata and the pixels
stay bit for bit (animations too). Only a turned or wide-gamut picture is encoded anew, finely; so is
every AVIF, HEIC and JPEG XL, which cannot be cut so simply: as JPEG, or with transparency as WebP.
"""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from media_core.engine.animation import animation
from media_core.engine.colour import needs_conversion, plain, to_srgb
from media_core.engine.decode import Opened, load, load_planes, open_picture, refusing
from media_core.engine.encode import encode
from media_core.engine.resize import upright
from media_core.formats import Buffer, strip
from media_core.formats.rights import with_exif
from media_core.results import Variant
from media_core.spec import Format, Spec

__all__ = ["full_size"]

_FORMATS = {
    "jpeg": Format.JPEG,
    "png": Format.PNG,
    "gif": Format.PNG,
    "webp": Format.WEBP,
    "avif": Format.WEBP,
    "heic": Format.WEBP,
    "jxl": Format.WEBP,
}
_NEVER_REBUILT = frozenset({"avif", "heic", "jxl"})
_QUALITY = {Format.JPEG: 92, Format.WEBP: 90}
_WEBP_SIDE = 16_383
_WEBP_ALPHA_PIXELS = 12_000_000
"""With transparency its encoder holds the picture five times over; PNG's writes as it goes."""
_CHEAPEST_WHOLE_DECODE = 1


def full_size(data: Buffer, spec: Spec) -> Variant:
    """Losslessly where possible, else encoded anew."""
    opened = open_picture(data, spec.limits, spec.turn)
    header = opened.header
    notice = opened.notice if spec.keep_copyright else b""
    if header.frames > 1 and spec.turn:
        # A still where it is out of bounds.
        moved = animation(data, None, spec)
        if moved is not None:
            return moved
    elif header.format not in _NEVER_REBUILT and (header.frames > 1 or not _changes(opened)):
        if load_planes(opened, _CHEAPEST_WHOLE_DECODE) is None:
            load(opened, _CHEAPEST_WHOLE_DECODE)
        stripped = strip(data, header.format)
        if stripped is not None:
            if notice:
                stripped = with_exif(stripped, header.format, notice)
            return Variant(stripped, header.width, header.height, header.format)
    with refusing():
        made = to_srgb(upright(plain(load(opened, None)), opened.orientation), opened.profile)
        format_ = _FORMATS[header.format]
        if header.format in _NEVER_REBUILT and made.mode != "RGBA":
            format_ = Format.JPEG
        elif format_ is Format.WEBP and _too_large_for_webp(made):
            format_ = Format.PNG if made.mode == "RGBA" else Format.JPEG
        return encode(made, replace(spec, format=format_, quality=_QUALITY.get(format_)), notice)


def _too_large_for_webp(picture: Image.Image) -> bool:
    alpha = picture.mode == "RGBA" and picture.width * picture.height > _WEBP_ALPHA_PIXELS
    return alpha or max(picture.size) > _WEBP_SIDE


def _changes(opened: Opened) -> bool:
    """Whether a viewer that ignored the metadata would see another picture."""
    mode = opened.mode
    seen_as = mode if mode in {"L", "CMYK"} else "L" if mode in {"1", "I;16", "LA"} else "RGB"
    return opened.orientation != 1 or needs_conversion(opened.profile, seen_as)
