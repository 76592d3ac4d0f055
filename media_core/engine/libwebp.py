"""libwebp as Pillow loaded it, for what Pillow's own plugin does not pass on: planes in, planes out.

Pillow decodes any WebP as an animation, which holds a still picture four times over, and turns planes into
RGB and back on both ways. The library that its wheel (or its distribution) brings is asked directly instead:
`dlsym` on the extension module finds what that module was linked to. Where that fails, or where the ABI is
another, :data:`LIBWEBP` is None and Pillow's plugin does the work. Structures as in libwebp's `encode.h`.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_float, c_int, c_size_t, c_uint32, c_void_p
from typing import Final

from PIL import _webp

__all__ = ["LIBWEBP", "Libwebp"]

_ENCODER_ABI = 0x020F
"""Of which only the high byte must agree, as `WebPConfigInit` itself compares it."""
_OUT_OF_MEMORY = (1, 2)


class _Config(Structure):
    _fields_ = [
        ("lossless", c_int),
        ("quality", c_float),
        ("method", c_int),
        ("image_hint", c_int),
        ("target_size", c_int),
        ("target_psnr", c_float),
        ("segments", c_int),
        ("sns_strength", c_int),
        ("filter_strength", c_int),
        ("filter_sharpness", c_int),
        ("filter_type", c_int),
        ("others", c_int * 32),
    ]


class _Picture(Structure):
    _fields_ = [
        ("use_argb", c_int),
        ("colorspace", c_int),
        ("width", c_int),
        ("height", c_int),
        ("y", c_void_p),
        ("u", c_void_p),
        ("v", c_void_p),
        ("y_stride", c_int),
        ("uv_stride", c_int),
        ("a", c_void_p),
        ("a_stride", c_int),
        ("pad1", c_uint32 * 2),
        ("argb", c_void_p),
        ("argb_stride", c_int),
        ("pad2", c_uint32 * 3),
        ("writer", c_void_p),
        ("custom_ptr", c_void_p),
        ("extra_info_type", c_int),
        ("extra_info", c_void_p),
        ("stats", c_void_p),
        ("error_code", c_int),
        ("progress_hook", c_void_p),
        ("user_data", c_void_p),
        ("others", c_void_p * 16),
    ]


class _Writer(Structure):
    _fields_ = [("mem", c_void_p), ("size", c_size_t), ("max_size", c_size_t), ("pad", c_uint32)]


class Libwebp:
    """Raises AttributeError or OSError where the functions cannot be found, ValueError where they are others."""

    def __init__(self) -> None:
        library = ctypes.CDLL(_webp.__file__)
        self._config_init = library.WebPConfigInitInternal
        self._config_init.argtypes = [POINTER(_Config), c_int, c_float, c_int]
        self._picture_init = library.WebPPictureInitInternal
        self._picture_init.argtypes = [POINTER(_Picture), c_int]
        self._encode = library.WebPEncode
        self._encode.argtypes = [POINTER(_Config), POINTER(_Picture)]
        self._writer_init = library.WebPMemoryWriterInit
        self._writer_clear = library.WebPMemoryWriterClear
        self._write = ctypes.cast(library.WebPMemoryWrite, c_void_p).value
        for function in (self._writer_init, self._writer_clear):
            function.argtypes, function.restype = [POINTER(_Writer)], None
        sink = (c_void_p, c_size_t, c_int)
        self._to_planes = library.WebPDecodeYUVInto
        self._to_planes.argtypes, self._to_planes.restype = (
            (c_char_p, c_size_t, *sink, *sink, *sink),
            c_void_p,
        )
        self._to_rgba = library.WebPDecodeRGBAInto
        self._to_rgba.argtypes, self._to_rgba.restype = (c_char_p, c_size_t, *sink), c_void_p
        if not self._config_init(byref(_Config()), 0, 75.0, _ENCODER_ABI):
            raise ValueError("another ABI of libwebp")

    def decode_planes(self, data: bytes, width: int, height: int) -> tuple[bytearray, bytearray, bytearray]:
        """Y, and U and V of half the sides rounded up; BT.601, 16 to 235. Raises OSError on bad data."""
        half = (width + 1) // 2
        y, u, v = bytearray(width * height), *(bytearray(half * ((height + 1) // 2)) for _ in range(2))
        if not self._to_planes(data, len(data), *_sink(y, width), *_sink(u, half), *_sink(v, half)):
            raise OSError("libwebp could not decode the picture")
        return y, u, v

    def decode_rgba(self, data: bytes, width: int, height: int) -> bytearray:
        """Four bytes a pixel, not premultiplied. Raises OSError on bad data."""
        pixels = bytearray(4 * width * height)
        if not self._to_rgba(data, len(data), *_sink(pixels, 4 * width)):
            raise OSError("libwebp could not decode the picture")
        return pixels

    def encode(
        self,
        planes: tuple[bytes, bytes, bytes],
        size: tuple[int, int],
        quality: float,
        **settings: int,
    ) -> bytes:
        """Lossy, from planes as :meth:`decode_planes` gives them; settings by their names in `WebPConfig`.

        Raises OSError, MemoryError when out of it.
        """
        config, picture, writer = _Config(), _Picture(), _Writer()
        self._config_init(byref(config), 0, quality, _ENCODER_ABI)
        self._picture_init(byref(picture), _ENCODER_ABI)
        for name, value in settings.items():
            setattr(config, name, value)
        picture.width, picture.height = size
        picture.y, picture.u, picture.v = (ctypes.cast(c_char_p(p), c_void_p) for p in planes)
        picture.y_stride, picture.uv_stride = size[0], (size[0] + 1) // 2
        self._writer_init(byref(writer))
        picture.writer, picture.custom_ptr = self._write, ctypes.addressof(writer)
        try:
            if not self._encode(byref(config), byref(picture)):
                raise _failure(picture.error_code)
            return ctypes.string_at(writer.mem, writer.size)
        finally:
            self._writer_clear(byref(writer))


def _sink(buffer: bytearray, stride: int) -> tuple[int, int, int]:
    """Where to write, how much room there is, and from row to row."""
    return ctypes.addressof((ctypes.c_char * len(buffer)).from_buffer(buffer)), len(buffer), stride


def _failure(code: int) -> Exception:
    return MemoryError("libwebp") if code in _OUT_OF_MEMORY else OSError(f"libwebp encoding error {code}")


def _loaded() -> Libwebp | None:
    try:
        return Libwebp()
    except (AttributeError, OSError, ValueError):
        return None


LIBWEBP: Final = _loaded()
