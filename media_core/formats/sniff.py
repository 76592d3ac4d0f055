"""Which format a file is in, by its first bytes alone: names and declared types are not believed."""

from __future__ import annotations

from media_core.errors import ImageRejected, RejectCode
from media_core.formats.film import film_kind
from media_core.formats.header import Buffer

__all__ = ["is_svg", "sniff"]

_KNOWN_REFUSED = (
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"8BPS",
    b"%!PS",
    b"\xc5\xd0\xd3\xc6",
    b"%PDF",
    b"\0\0\1\0",
    b"\0\0\2\0",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
    b"qoif",
    b"FORM",
    b"\x76\x2f\x31\x01",
    b"DDS ",
    b"gimp xcf",
)
_JXL = (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")
_AVIF_BRANDS = (b"avif", b"avis")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")


def sniff(data: Buffer) -> str:
    """jpeg, png, gif, webp, avif, heic or jxl; else refused, as a known format or as no picture at all."""
    head = data[:512]
    if not head:
        raise ImageRejected(RejectCode.EMPTY)
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(_JXL):
        return "jxl"
    if film_kind(head) is not None:
        raise ImageRejected(RejectCode.FILMS_NOT_TAKEN)
    if head[4:8] == b"ftyp":
        return _iso(head)
    if head.startswith(_KNOWN_REFUSED) or is_svg(head):
        raise ImageRejected(RejectCode.UNSUPPORTED_FORMAT)
    raise ImageRejected(RejectCode.NOT_AN_IMAGE)


def _iso(head: bytes) -> str:
    """AVIF by its major or a compatible brand, HEIC by its major."""
    size = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head)), 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return "avif"
    if brands[0] in _HEIF_BRANDS:
        return "heic"
    raise ImageRejected(RejectCode.NOT_AN_IMAGE)


def is_svg(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text.startswith(b"<") and b"<svg" in text
