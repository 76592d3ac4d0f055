"""Bytes to pixels: the right decoder, at the smallest useful scale, its errors turned into ours."""

from __future__ import annotations

import io
import mmap
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, cast

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from media_core.engine.clock import taken_at
from media_core.engine.extra import INSTALLED, extra_plugin
from media_core.engine.libwebp import LIBWEBP, Libwebp
from media_core.engine.planes import Planes, half
from media_core.engine.resize import turned_by
from media_core.errors import ImageRejected, RejectCode
from media_core.formats import Buffer, Header, png
from media_core.formats.rights import notice
from media_core.formats.walk import check, survey
from media_core.spec import Limits

__all__ = ["Opened", "load", "load_planes", "open_picture", "refusing", "stream"]

# The survey has done it better: per frame, before the decoder, and as an error rather than a warning.
Image.MAX_IMAGE_PIXELS = None
# One job has one core; a decoder's own threads would only cost memory and turns.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

_PLUGINS: dict[str, type[ImageFile.ImageFile]] = {
    # JpegImageFile itself, not the factory: an MPO is then the JPEG it begins with.
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "avif": AvifImagePlugin.AvifImageFile,
}
_ORIENTATION, _ARTIST, _COPYRIGHT = 0x0112, 0x013B, 0x8298
_OVERSAMPLING = 2
"""A JPEG is decoded at no less than so many times the size wanted: a block's own scaling aliases near its limit,
which costs a grainy photograph 0.016 SSIM."""


@dataclass(slots=True)
class Opened:
    """A picture whose header is read and allowed, and whose pixels are not decoded yet."""

    data: Buffer
    decoder: ImageFile.ImageFile | None
    """None once it is spent: some decoders hold several times the picture's size."""
    header: Header
    mode: str
    alpha: bool
    orientation: int
    profile: bytes
    notice: bytes
    """Exif with its copyright and artist and nothing else; empty where it names neither."""
    taken_at: str | None
    """When the camera says; None where it does not."""

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height as a viewer sees them."""
        width, height = self.header.width, self.header.height
        return (height, width) if self.orientation >= 5 else (width, height)


@contextmanager
def refusing() -> Iterator[None]:
    """Turns whatever a decoder says about bad bytes into a refusal."""
    try:
        yield
    except ImageRejected:
        raise
    except MemoryError as error:
        raise ImageRejected(RejectCode.OUT_OF_MEMORY, str(error)) from error
    except (
        OSError,
        EOFError,
        ValueError,
        SyntaxError,
        TypeError,
        struct.error,
        zlib.error,
        OverflowError,
        LookupError,
        AttributeError,
        RuntimeError,
        Image.DecompressionBombError,
    ) as error:
        text = f"{type(error).__name__}: {error}"
        # libwebp's first error is the lack of memory, and has no other name.
        if "memory" in text.lower() or text.endswith("encoding error 1"):
            raise ImageRejected(RejectCode.OUT_OF_MEMORY, text) from error
        code = RejectCode.TRUNCATED if "truncated" in text.lower() else RejectCode.CORRUPT
        raise ImageRejected(code, text) from error


def open_picture(data: Buffer, limits: Limits, turn: int = 0) -> Opened:
    """Surveys the container, then lets the one decoder for it read the header; turned by ``turn`` quarters."""
    header = survey(data, limits, INSTALLED)
    with refusing():
        lean = png.decodable(data) if header.format == "png" else None
        plugin = _PLUGINS.get(header.format) or extra_plugin(header.format)
        picture = plugin(stream(lean or data))
        if not header.width:
            frames = getattr(picture, "n_frames", 1) if header.format == "avif" else 1
            header = Header(header.format, *picture.size, frames=frames)
            check(header, limits)
        elif picture.size != (header.width, header.height):
            # A GIF frame may reach over its screen; the decoder then widens the canvas.
            header = Header(header.format, *picture.size, frames=header.frames)
            check(header, limits)
        profile = picture.info.get("icc_profile") or b""
        return Opened(
            data,
            picture,
            header,
            picture.mode,
            picture.has_transparency_data,
            turned_by(_orientation(picture), turn),
            profile if isinstance(profile, bytes) else b"",
            _notice(picture),
            taken_at(picture),
        )


def load(opened: Opened, longest: int | None, webp: Libwebp | None = LIBWEBP) -> Image.Image:
    """Decodes all of the first frame, once; a JPEG at the smallest scale that serves ``longest``."""
    picture = _spent(opened)
    with refusing():
        if opened.header.format == "webp" and opened.header.frames == 1 and opened.alpha and webp:
            pixels = webp.decode_rgba(opened.data[:], *picture.size)
            return Image.frombuffer("RGBA", picture.size, pixels, "raw", "RGBA", 0, 1)
        if longest and opened.header.format == "jpeg":
            picture.draft(None, _serving(picture.size, longest))
        picture.load()
        return picture._new(picture.im)


def load_planes(opened: Opened, longest: int, webp: Libwebp | None = LIBWEBP) -> Planes | None:
    """The same as planes, where the file holds such; None, and nothing done, where it does not."""
    match opened.header.format:
        case "jpeg" if opened.mode == "RGB" and _holds_luma(opened.decoder):
            with refusing():
                return _jpeg_planes(opened, longest)
        case "webp" if webp and opened.header.frames == 1 and not opened.alpha:
            size = _spent(opened).size
            with refusing():
                y, cb, cr = webp.decode_planes(opened.data[:], *size)
                return Planes(_plane(y, size), _plane(cb, half(size)), _plane(cr, half(size)), studio=True)
        case _:
            return None


def _jpeg_planes(opened: Opened, longest: int) -> Planes:
    """Luma alone, and then all at half the scale for chroma: a second parse costs less than the memory it saves.

    But not for a progressive file, whose coefficients are the larger part of both.
    """
    picture = _spent(opened)
    width, height = _serving(picture.size, longest)
    if "progressive" in picture.info:
        picture.draft("YCbCr", (width, height))
        picture.load()
        small = picture.reduce(2)
        return Planes(picture.getchannel(0), small.getchannel(1), small.getchannel(2))
    picture.draft("L", (width, height))
    picture.load()
    again = JpegImagePlugin.JpegImageFile(stream(opened.data))
    again.draft("YCbCr", (max(1, width // 2), max(1, height // 2)))
    again.load()
    return Planes(picture._new(picture.im), again.getchannel(1), again.getchannel(2))


def _holds_luma(picture: ImageFile.ImageFile | None) -> bool:
    """Whether a JPEG's three components are YCbCr, by libjpeg's own rules."""
    if not isinstance(picture, JpegImagePlugin.JpegImageFile):
        return False
    if "jfif" in picture.info:
        return True
    if "adobe_transform" in picture.info:
        return bool(picture.info["adobe_transform"])
    return [layer[0] for layer in picture.layer] != [*b"RGB"]


def _spent(opened: Opened) -> ImageFile.ImageFile:
    picture, opened.decoder = opened.decoder, None
    if picture is None:
        raise RuntimeError("a picture is decoded once")
    return picture


def stream(data: Buffer) -> IO[bytes]:
    """From the start; a map reads like a file without a copy of the whole."""
    if not isinstance(data, mmap.mmap):
        return io.BytesIO(data)
    data.seek(0)
    return cast("IO[bytes]", data)


def _serving(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, _OVERSAMPLING * longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _plane(rows: bytearray, size: tuple[int, int]) -> Image.Image:
    return Image.frombuffer("L", size, rows, "raw", "L", 0, 1)


def _orientation(picture: ImageFile.ImageFile) -> int:
    """1 to 8; anything unreadable counts as upright, and what libjxl decodes is."""
    if picture.format == "JXL" and not getattr(picture, "jpeg", False):
        return 1
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _notice(picture: ImageFile.ImageFile) -> bytes:
    try:
        tags = picture.getexif()
        return notice(tags.get(_ARTIST), tags.get(_COPYRIGHT))
    except Exception:
        return b""
