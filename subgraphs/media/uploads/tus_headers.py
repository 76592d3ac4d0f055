"""The headers of tus 1.0 as values; what does not follow the protocol is refused by name."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.media.uploads.chunking import CHECKSUMS, Checksum
from subgraphs.media.uploads.service import Begin
from subgraphs.media.validation import VISIBILITIES, YES_OR_NO, checked_alt_text

__all__ = ["Creation", "creation", "read_checksum", "read_count"]

_LONGEST_METADATA = 4096
_MOST_PARTS = 100
_NAME = re.compile(r"[!-+\--~]{1,200}")  # ASCII without spaces and commas
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PART = re.compile(r"(?:https?://[^/ ]+)?/uploads/([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Creation:
    """An upload as a client wants it begun; with ``parts`` it is made of them."""

    begin: Begin
    parts: tuple[UUID, ...] = ()


def creation(headers: Mapping[str, str]) -> Creation:
    """Raises Rejected(INVALID_INPUT)."""
    given = _metadata(headers.get("upload-metadata", ""))
    visibility = VISIBILITIES.get(given.get("visibility", "public").lower())
    if visibility is None:
        raise _bad("'visibility' in Upload-Metadata is 'public' or 'private'.")
    keep_copyright = YES_OR_NO.get(given.get("keepCopyright", "false").lower())
    if keep_copyright is None:
        raise _bad("'keepCopyright' in Upload-Metadata is 'true' or 'false'.")
    sha256 = given.get("sha256", "").lower() or None
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise _bad("'sha256' in Upload-Metadata is 64 hexadecimal digits.")
    concat = headers.get("upload-concat")
    parts = _parts(concat)
    begin = Begin(
        protocol="TUS",
        bytes=None if parts else _length(headers),
        visibility=visibility,
        alt_text=checked_alt_text(given.get("altText")),
        keep_copyright=keep_copyright,
        content_type=given.get("filetype"),
        sha256=sha256,
        metadata=headers.get("upload-metadata", ""),
        concat=concat,
    )
    return Creation(begin, parts)


def read_count(headers: Mapping[str, str], name: str) -> int | None:
    """A number of bytes; None where the header is missing. Raises Rejected."""
    value = headers.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal()) or len(value) > 15:
        raise _bad(f"{name} is a number of bytes.")
    return int(value)


def read_checksum(headers: Mapping[str, str]) -> Checksum | None:
    """``ALGORITHM BASE64``. Raises Rejected."""
    value = headers.get("upload-checksum")
    if value is None:
        return None
    algorithm, _, digest = value.partition(" ")
    if algorithm not in CHECKSUMS:
        raise _bad(f"The algorithm of Upload-Checksum is one of {', '.join(CHECKSUMS)}.")
    return Checksum(algorithm, _base64(digest))


def _length(headers: Mapping[str, str]) -> int | None:
    length = read_count(headers, "upload-length")
    deferred = headers.get("upload-defer-length")
    if (length is None) == (deferred is None) or deferred not in (None, "1"):
        raise _bad("An upload has an Upload-Length, or 'Upload-Defer-Length: 1'.")
    return length


def _parts(concat: str | None) -> tuple[UUID, ...]:
    if concat in (None, "partial"):
        return ()
    kind, _, addresses = concat.partition(";")
    found = [_PART.fullmatch(address) for address in addresses.split()]
    if kind != "final" or not found or len(found) > _MOST_PARTS or not all(found):
        raise _bad("Upload-Concat is 'partial', or 'final;' and the addresses of the parts.")
    return tuple(UUID(hex=match[1]) for match in found if match)


def _metadata(header: str) -> dict[str, str]:
    if len(header) > _LONGEST_METADATA:
        raise _bad("Upload-Metadata is too long.")
    pairs = [pair.strip().partition(" ") for pair in header.split(",") if pair.strip()]
    names = [name for name, _, _ in pairs]
    if len(set(names)) != len(names) or not all(_NAME.fullmatch(name) for name in names):
        raise _bad("Upload-Metadata is pairs of a name and a value in base64, separated by commas.")
    return {name: _base64(value).decode("utf-8", "replace") for name, _, value in pairs}


def _base64(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise _bad("A value is not base64.") from None


def _bad(message: str) -> Rejected:
    return Rejected(ErrorCode.INVALID_INPUT, message)
