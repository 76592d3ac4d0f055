"""Bytes to pixels: the right decoder, at the smallest useful scale, its errors turned into ours."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from media_core.errors import ImageRejected, RejectCode
from media_core.formats import Buffer, Header, png
from media_core.formats.walk import check, survey
from media_core.spec import Limits

__all__ = ["Opened", "load", "open_picture", "refusing"]

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
_ORIENTATION = 0x0112


@dataclass(slots=True)
class Opened:
    """A picture whose header is read and allowed, and whose pixels are not decoded yet."""

    decoder: ImageFile.ImageFile | None
    """None once it is spent: some decoders hold several times the picture's size."""
    header: Header
    mode: str
    alpha: bool
    orientation: int
    profile: bytes

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


def open_picture(data: Buffer, file: IO[bytes] | None, limits: Limits) -> Opened:
    """Surveys the container, then lets the one decoder for it read the header."""
    header = survey(data, limits)
    with refusing():
        lean = png.decodable(data) if header.format == "png" else None
        picture = _PLUGINS[header.format](io.BytesIO(lean) if lean else file or io.BytesIO(data))
        if header.format == "avif":
            header = Header("avif", *picture.size, frames=getattr(picture, "n_frames", 1))
            check(header, limits)
        elif picture.size != (header.width, header.height):
            # A GIF frame may reach over its screen; the decoder then widens the canvas.
            header = Header(header.format, *picture.size, frames=header.frames)
            check(header, limits)
        profile = picture.info.get("icc_profile") or b""
        return Opened(
            picture,
            header,
            picture.mode,
            picture.has_transparency_data,
            _orientation(picture),
            profile if isinstance(profile, bytes) else b"",
        )


def load(opened: Opened, longest: int | None) -> Image.Image:
    """Decodes all of the first frame, once; a JPEG at the smallest scale that still covers ``longest``."""
    picture, opened.decoder = opened.decoder, None
    if picture is None:
        raise RuntimeError("a picture is decoded once")
    with refusing():
        if longest and opened.header.format == "jpeg":
            picture.draft(None, _covering(picture.size, longest))
        picture.load()
        return picture._new(picture.im)


def _covering(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _orientation(picture: ImageFile.ImageFile) -> int:
    """1 to 8; anything unreadable counts as upright."""
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
