"""Decoders that come with the extra `media-extra`: HEIC by libheif, JPEG XL by libjxl, each imported when needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from PIL import ImageFile

__all__ = ["INSTALLED", "extra_plugin"]

_MODULES = {"heic": "pillow_heif", "jxl": "pillow_jxl"}
INSTALLED = frozenset(format_ for format_, module in _MODULES.items() if find_spec(module))


def extra_plugin(format_: str) -> Callable[[Any], ImageFile.ImageFile]:
    """What opens that format; one thread each, since one job has one core."""
    opener: Callable[[Any], ImageFile.ImageFile]
    if format_ == "heic":
        from pillow_heif import HeifImageFile, options

        options.DECODE_THREADS = 1
        opener = HeifImageFile
    else:
        from pillow_jxl import JpegXLImagePlugin

        JpegXLImagePlugin.DECODE_THREADS = 1
        opener = JpegXLImagePlugin.JXLImageFile
    return opener
