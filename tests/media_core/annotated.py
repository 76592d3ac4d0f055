"""Files with everything in them that cameras, telephones and editors write beside the picture."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from PIL import Image

from tests.media_core.photographs import SECRET, encoded, exif, scene
from tests.media_core.profiles import DISPLAY_P3, SRGB

__all__ = ["FILES"]

_NOTE = SECRET.encode()
_XMP = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">' + _NOTE + b"</x:xmpmeta>"
_SIZE = (96, 64)
_FRAMES = [scene(*_SIZE, seed) for seed in (1, 2, 3)]
_MOVING: dict[str, Any] = {"save_all": True, "append_images": _FRAMES[1:], "duration": 70, "loop": 0}


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body


def _jpeg(orientation: int = 1, profile: bytes = SRGB, mode: str = "RGB", **options: object) -> bytes:
    made = encoded(
        _FRAMES[0].convert(mode),
        "JPEG",
        exif=exif(orientation),
        icc_profile=profile,
        comment=_NOTE,
        **options,
    )
    added = (
        (0xE0, b"JFXX\0\x10" + _NOTE),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _XMP),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + bytes(8) + _XMP),
        (0xE2, b"MPF\0" + _NOTE),
        (0xEB, b"HDR_RI ver=11 " + _NOTE),
        (0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x12" + _NOTE),
        (0xEE, b"Adobe\0" + _NOTE * 3),
        (0xFE, _NOTE),
    )
    late = _segment(0xE1, b"Exif\0\0" + _NOTE)  # after the last scan
    return (
        made[:2] + b"".join(_segment(*one) for one in added) + made[2:-2] + late + made[-2:] + b"\0" + _NOTE
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _png(profile: bytes = SRGB, mode: str = "RGB", **options: object) -> bytes:
    made = encoded(_FRAMES[0].convert(mode), "PNG", exif=exif(), icc_profile=profile, **options)
    added = (
        (b"tEXt", b"Comment\0" + _NOTE),
        (b"zTXt", b"Author\0\0" + zlib.compress(_NOTE)),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP),
        (b"tIME", bytes([7, 234, 5, 1, 10, 0, 0])),
        (b"pHYs", bytes(8) + b"\1"),
        (b"caBX", _NOTE),
        (b"prVt", _NOTE),
    )
    return made[:33] + b"".join(_chunk(*one) for one in added) + made[33:] + _NOTE


def _gif(**options: object) -> bytes:
    made = encoded(_FRAMES[0], "GIF", comment=_NOTE, **options)
    blocks = bytes([len(_NOTE)]) + _NOTE + b"\0"
    added = (
        b"\x21\xfe" + blocks,
        b"\x21\x01\x0c" + bytes(12) + blocks,
        b"\x21\xff\x0bXMP DataXMP" + blocks,
        b"\x21\xff\x0bICCRGBG1012" + blocks,
        b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0" + blocks,
        b"\x21\xf9\x04\0\0\0\0" + blocks,
    )
    table = 13 + (3 << (made[10] & 7) + 1)
    return made[:table] + b"".join(added) + made[table:] + _NOTE


def _webp(profile: bytes = SRGB, **options: object) -> bytes:
    made = encoded(_FRAMES[0], "WEBP", exif=exif(), xmp=_XMP, icc_profile=profile, **options)
    note = b"NOTE" + len(_NOTE).to_bytes(4, "little") + _NOTE + bytes(len(_NOTE) & 1)
    frame = made.find(b"ANMF")
    if frame > 0:  # a frame may have unknown chunks after its picture, too
        end = frame + 8 + int.from_bytes(made[frame + 4 : frame + 8], "little")
        longer = (end - frame - 8 + len(note)).to_bytes(4, "little")
        made = made[: frame + 4] + longer + made[frame + 8 : end] + note + made[end:]
    made += note
    return made[:4] + (len(made) - 8).to_bytes(4, "little") + made[8:] + _NOTE


def _avif(mode: str = "RGB", **options: object) -> bytes:
    note = (len(_NOTE) + 8).to_bytes(4, "big") + b"free" + _NOTE
    made = encoded(
        _FRAMES[0].convert(mode), "AVIF", exif=exif(), xmp=_XMP, icc_profile=DISPLAY_P3, speed=10, **options
    )
    return made + note


def _heic(mode: str = "RGB") -> bytes:
    import pillow_heif

    out = io.BytesIO()
    picture: Image.Image = _FRAMES[0].convert(mode)
    pillow_heif.from_pillow(picture).save(out, quality=80, exif=exif().tobytes(), xmp=_XMP)
    return out.getvalue()


def _jxl(mode: str = "RGB") -> bytes:
    import pillow_jxl.JpegXLImagePlugin  # noqa: F401 - registers the format

    return encoded(_FRAMES[0].convert(mode), "JXL", exif=exif().tobytes(), xmp=_XMP, icc_profile=DISPLAY_P3)


FILES: dict[str, Callable[[], bytes]] = {
    "jpeg": _jpeg,
    "jpeg, progressive": lambda: _jpeg(progressive=True),
    "jpeg, turned": lambda: _jpeg(orientation=6),
    "jpeg, wide gamut": lambda: _jpeg(profile=DISPLAY_P3),
    "jpeg, ink": lambda: _jpeg(profile=b"", mode="CMYK"),
    "jpeg, grey": lambda: _jpeg(profile=b"", mode="L"),
    "png": _png,
    "png, wide gamut": lambda: _png(DISPLAY_P3),
    "png, palette": lambda: _png(b"", "P"),
    "png, moving": lambda: _png(**_MOVING),
    "gif": _gif,
    "gif, moving": lambda: _gif(**_MOVING),
    "webp": _webp,
    "webp, lossless": lambda: _webp(lossless=True),
    "webp, wide gamut": lambda: _webp(DISPLAY_P3),
    "webp, moving": lambda: _webp(**_MOVING),
    "avif": _avif,
    "avif, transparent": lambda: _avif("RGBA"),
    "avif, moving": lambda: _avif(save_all=True, append_images=_FRAMES[1:], duration=70),
}
if find_spec("pillow_heif"):
    FILES |= {"heic": _heic, "heic, transparent": lambda: _heic("RGBA")}
if find_spec("pillow_jxl"):
    FILES |= {"jxl": _jxl, "jxl, transparent": lambda: _jxl("RGBA")}
