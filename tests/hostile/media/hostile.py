"""Pictures made to hurt, built byte by byte: small files, large claims."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from media_core.engine.extra import INSTALLED
from tests.media_core.photographs import encoded, exif, scene

if "heic" in INSTALLED:
    from pillow_heif import register_heif_opener

    register_heif_opener()
if "jxl" in INSTALLED:
    import pillow_jxl.JpegXLImagePlugin  # noqa: F401

__all__ = ["HOSTILE", "SEEDS", "png", "png_chunk"]

ZEROS = zlib.compress(bytes(50_000_000), 9)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """With its length and its sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, body: bytes | None = None) -> bytes:
    """Grey, 8 bits; the body is one IDAT of zeros unless given."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = zlib.compress(bytes((width + 1) * height)) if body is None else body
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def gif_frames(count: int, width: int = 1, height: int = 1) -> bytes:
    """So many frames of one pixel."""
    frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + frame * count + b";"


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small JPEG whose frame header lies."""
    data = bytearray(encoded(scene(64, 64), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_of_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: each repetition is a pass over all of it."""
    data = encoded(scene(2000, 2000), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + data[-2:]


def webp_claiming(width: int, height: int) -> bytes:
    """An extended header with a vast canvas over a small frame."""
    inner = encoded(scene(16, 16), "WEBP")[12:]
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def mpo() -> bytes:
    """Two pictures in one file, as cameras with two lenses write them."""
    out = io.BytesIO()
    scene(80, 60).save(out, "MPO", save_all=True, append_images=[scene(80, 60, 2)])
    return out.getvalue()


def jpeg_with(segment: bytes, marker: int = 0xE1, times: int = 1) -> bytes:
    """An application segment put right after the start."""
    data = encoded(scene(64, 64), "JPEG")
    block = bytes((0xFF, marker)) + struct.pack(">H", len(segment) + 2) + segment
    return data[:2] + block * times + data[2:]


def tiff_loop() -> bytes:
    """Exif whose directory points at itself."""
    return b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)


def avif_claiming(width: int, height: int) -> bytes:
    """An AVIF whose spatial extents lie."""
    data = bytearray(encoded(scene(64, 64), "AVIF"))
    at = data.index(b"ispe")
    data[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(data)


def webp_with(kind: bytes, body: bytes) -> bytes:
    """A metadata chunk of that kind and size in the extended format."""
    flag = {b"EXIF": 8, b"XMP ": 4, b"ICCP": 32}[kind]
    inner = encoded(scene(16, 16), "WEBP")[12:]
    sides = (15).to_bytes(3, "little") * 2
    chunk = kind + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)
    whole = b"VP8X" + struct.pack("<II", 10, flag) + sides
    whole += chunk + inner if kind == b"ICCP" else inner + chunk
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP" + whole


def tiff_claiming(count: int) -> bytes:
    """Exif whose copyright claims so many bytes, and whose directory so many entries."""
    entry = struct.pack("<HHII", 0x8298, 2, count, 26)
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 65_535) + entry * 300


def gif_of_frames_beyond_its_screen(count: int) -> bytes:
    """Frames far outside a screen of one pixel, each of which widens the canvas."""
    frames = b"".join(
        b"\x2c" + struct.pack("<HHHHB", at * 300, at * 300, 1, 1, 0) + b"\x02\x02D\x01\0"
        for at in range(count)
    )
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frames + b";"


def _apng_claiming(frames: int) -> bytes:
    control = struct.pack(">IIIIIHHBB", 0, 10, 10, 0, 0, 1, 1, 0, 0)
    return png(10, 10, png_chunk(b"acTL", struct.pack(">II", frames, 0)), png_chunk(b"fcTL", control))


SEEDS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: encoded(scene(90, 70), "JPEG", exif=exif(6)),
    "progressive jpeg": lambda: encoded(scene(90, 70), "JPEG", progressive=True),
    "cmyk jpeg": lambda: encoded(scene(50, 40).convert("CMYK"), "JPEG"),
    "png": lambda: encoded(scene(90, 70), "PNG"),
    "palette png": lambda: encoded(scene(90, 70).convert("P"), "PNG"),
    "apng": lambda: encoded(scene(40, 30), "PNG", save_all=True, append_images=[scene(40, 30, 2)]),
    "gif": lambda: encoded(scene(90, 70), "GIF"),
    "animated gif": lambda: encoded(scene(40, 30), "GIF", save_all=True, append_images=[scene(40, 30, 2)]),
    "webp": lambda: encoded(scene(90, 70), "WEBP"),
    "lossless webp": lambda: encoded(scene(40, 30).convert("RGBA"), "WEBP", lossless=True),
    "animated webp": lambda: encoded(scene(40, 30), "WEBP", save_all=True, append_images=[scene(40, 30, 2)]),
    "avif": lambda: encoded(scene(90, 70), "AVIF"),
}

if "jxl" in INSTALLED:
    SEEDS["jpeg xl"] = lambda: encoded(scene(60, 50), "JXL")
if "heic" in INSTALLED:
    SEEDS["heic"] = lambda: encoded(scene(64, 48), "HEIF")

_SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
_JPEG_IN_ZIP = b"PK\x03\x04" + bytes(26)

HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    # name: (bytes, the codes that are right; "" is a picture)
    "nothing": (lambda: b"", {"EMPTY"}),
    "one byte": (lambda: b"\xff", {"NOT_AN_IMAGE"}),
    "text": (lambda: b"hello " * 99, {"NOT_AN_IMAGE"}),
    "zip": (lambda: _JPEG_IN_ZIP, {"NOT_AN_IMAGE"}),
    "svg": (lambda: b"<?xml version='1.0'?>" + _SVG, {"UNSUPPORTED_FORMAT"}),
    "html": (lambda: b"<html><script>alert(1)</script>", {"NOT_AN_IMAGE"}),
    "postscript": (lambda: encoded(scene(20, 20), "EPS"), {"UNSUPPORTED_FORMAT"}),
    "pdf": (lambda: encoded(scene(20, 20), "PDF"), {"UNSUPPORTED_FORMAT"}),
    "tiff": (lambda: encoded(scene(20, 20), "TIFF"), {"UNSUPPORTED_FORMAT"}),
    "bmp": (lambda: encoded(scene(20, 20), "BMP"), {"UNSUPPORTED_FORMAT"}),
    "heic": (
        lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99),
        {"UNSUPPORTED_FORMAT", "TRUNCATED"},
    ),
    "film": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(99), {"FILMS_NOT_TAKEN"}),
    "png of 100,000 a side": (lambda: png(100_000, 100_000, body=ZEROS), {"SIDE_TOO_LONG"}),
    "png of 2^31 a side": (lambda: png(2**31 - 1, 2**31 - 1, body=b""), {"SIDE_TOO_LONG"}),
    "png of 30,000 a side": (lambda: png(30_000, 30_000, body=ZEROS), {"TOO_MANY_PIXELS"}),
    "png of no size": (lambda: png(0, 10, body=ZEROS), {"CORRUPT"}),
    "png with far too much data": (lambda: png(10, 10, body=ZEROS), {"", "CORRUPT", "TRUNCATED"}),
    "png with far too little data": (
        lambda: png(5000, 5000, body=zlib.compress(b"")),
        {"CORRUPT", "TRUNCATED"},
    ),
    "png whose header sum is wrong": (
        lambda: png(10, 10).replace(b"IHDR\0\0\0\x0a", b"IHDR\0\0\0\x0b", 1),
        {"CORRUPT"},
    ),
    "png with a profile bomb": (lambda: png(10, 10, png_chunk(b"iCCP", b"x\0\0" + ZEROS)), {"", "CORRUPT"}),
    "png with a text bomb": (lambda: png(10, 10, png_chunk(b"zTXt", b"x\0\0" + ZEROS)), {"", "CORRUPT"}),
    "png with an international text bomb": (
        lambda: png(10, 10, png_chunk(b"iTXt", b"x\0\1\0\0\0" + ZEROS)),
        {"", "CORRUPT"},
    ),
    "png with 20,000 text chunks": (
        lambda: png(10, 10, png_chunk(b"tEXt", b"k\0v") * 20_000),
        {"", "CORRUPT"},
    ),
    "png with 5,000 text bombs": (
        lambda: png(10, 10, png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(900_000), 9)) * 5000),
        {"", "CORRUPT"},
    ),
    "png with a script after its end": (lambda: encoded(scene(20, 20), "PNG") + _SVG, {""}),
    "apng claiming 4 billion frames": (lambda: _apng_claiming(2**32 - 1), {"", "CORRUPT"}),
    "apng of 2,000 frames": (
        lambda: png(
            10, 10, png_chunk(b"acTL", struct.pack(">II", 2000, 0)), png_chunk(b"fcTL", bytes(26)) * 2000
        ),
        {"TOO_MANY_FRAMES"},
    ),
    "gif of a million frames": (lambda: gif_frames(1_000_000), {"TOO_MANY_FRAMES"}),
    "gif of 65,535 a side": (lambda: gif_frames(1, 65_535, 65_535), {"SIDE_TOO_LONG"}),
    "gif of many large frames": (lambda: gif_frames(900, 7000, 7000), {"TOO_MANY_FRAMES"}),
    "gif without a picture": (lambda: b"GIF89a\1\0\1\0\0\0\0;", {"CORRUPT"}),
    "jpeg of 65,500 a side": (lambda: jpeg_claiming(65_500, 65_500), {"SIDE_TOO_LONG"}),
    "jpeg of 30,000 a side": (lambda: jpeg_claiming(30_000, 30_000), {"TOO_MANY_PIXELS"}),
    "jpeg with less than it claims": (lambda: jpeg_claiming(7000, 7000), {"", "TRUNCATED", "CORRUPT"}),
    "jpeg of no height": (lambda: jpeg_claiming(64, 0), {"CORRUPT"}),
    "jpeg of 300 scans": (lambda: jpeg_of_scans(300), {"CORRUPT"}),
    "jpeg of 150 scans": (lambda: jpeg_of_scans(150), {"", "CORRUPT", "TIMEOUT"}),
    "jpeg whose exif points at itself": (lambda: jpeg_with(tiff_loop()), {""}),
    "jpeg with exif of noise": (lambda: jpeg_with(b"Exif\0\0" + b"\xff" * 60_000), {""}),
    "jpeg with 300 comments": (lambda: jpeg_with(b"c" * 60_000, 0xFE, 300), {""}),
    "jpeg with pieces of a profile missing": (
        lambda: jpeg_with(b"ICC_PROFILE\0\x07\xff" + b"x" * 9000, 0xE2, 9),
        {""},
    ),
    "jpeg with a mischievous adobe segment": (
        lambda: jpeg_with(b"Adobe" + b"\xff" * 7, 0xEE),
        {"", "CORRUPT"},
    ),
    "jpeg with a zip behind": (lambda: encoded(scene(20, 20), "JPEG") + _JPEG_IN_ZIP, {""}),
    "jpeg that is only its markers": (lambda: b"\xff\xd8\xff\xd9", {"CORRUPT"}),
    "jpeg that is all fill bytes": (lambda: b"\xff\xd8" + b"\xff" * 5_000_000, {"TRUNCATED"}),
    "two pictures in one jpeg": (mpo, {""}),
    "jpeg whose exif claims gigabytes": (lambda: jpeg_with(tiff_claiming(2**31)), {""}),
    "jpeg with 800 pieces of extended xmp": (
        lambda: jpeg_with(b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + b"x" * 60_000, 0xE1, 800),
        {""},
    ),
    "jpeg with 250 pieces of a profile": (
        lambda: jpeg_with(b"ICC_PROFILE\0\x01\xfa" + b"x" * 60_000, 0xE2, 250),
        {""},
    ),
    "png with exif of 50 MB": (lambda: png(10, 10, png_chunk(b"eXIf", b"II*\0" + bytes(50_000_000))), {""}),
    "png with 200 profiles": (
        lambda: png(10, 10, png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(900_000))) * 200),
        {"", "CORRUPT"},
    ),
    "webp with exif of 50 MB": (lambda: webp_with(b"EXIF", bytes(50_000_000)), {""}),
    "webp with xmp of 50 MB": (lambda: webp_with(b"XMP ", b"<x>" * 16_000_000), {""}),
    "webp with a profile of 50 MB": (lambda: webp_with(b"ICCP", bytes(50_000_000)), {""}),
    "gif whose frames lie beyond its screen": (
        lambda: gif_of_frames_beyond_its_screen(100),
        {"TOO_MANY_PIXELS"},
    ),
    "jpeg xl of no size": (lambda: b"\xff\x0a", {"UNSUPPORTED_FORMAT", "TRUNCATED"}),
    "jpeg xl of 2^30 a side": (
        lambda: b"\xff\x0a" + (3 << 1 | (2**30 - 1) << 3 | 1 << 33).to_bytes(16, "little"),
        {"UNSUPPORTED_FORMAT", "SIDE_TOO_LONG"},
    ),
    "webp of 16,383 a side": (lambda: webp_claiming(16_383, 16_383), {"TOO_MANY_PIXELS"}),
    "webp of a vast canvas": (lambda: webp_claiming(2**24, 200), {"SIDE_TOO_LONG"}),
    "webp whose canvas is not its frame": (lambda: webp_claiming(6000, 6000), {"", "CORRUPT"}),
    "webp with a wrong length": (lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(50), {"TRUNCATED"}),
    "avif of 60,000 a side": (
        lambda: avif_claiming(60_000, 60_000),
        {"SIDE_TOO_LONG", "TOO_MANY_PIXELS", "CORRUPT"},
    ),
    "avif that claims other sides": (lambda: avif_claiming(6000, 6000), {"", "CORRUPT"}),
    "avif that is only its brand": (lambda: b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", {"TRUNCATED"}),
    "avif with a box of no size": (
        lambda: encoded(scene(9, 9), "AVIF") + b"\0\0\0\1free" + bytes(8),
        {"CORRUPT"},
    ),
    "a line 30,000 long": (lambda: encoded(Image.new("L", (30_000, 1)), "PNG"), {""}),
    "a line 30,000 high": (lambda: encoded(Image.new("L", (1, 30_000)), "JPEG"), {""}),
    "one pixel": (lambda: encoded(Image.new("RGBA", (1, 1)), "WEBP"), {""}),
}
