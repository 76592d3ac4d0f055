"""A request's fields as HTTP/2 has them. RFC 9113, 8.2 and 8.3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from hpack import Encoder, HeaderTuple, NeverIndexedHeaderTuple

from gateway.transport.http.client import HOP_BY_HOP, Headers, Origin
from gateway.transport.http.failures import BadRequest

__all__ = ["Fields", "PlainEncoder", "length_field", "request_fields", "written"]

Fields: TypeAlias = list[HeaderTuple]
_OF_ONE_REQUEST = frozenset({"authorization", "cookie", "traceparent", "tracestate", "content-length"})
"""Kept out of the table that the next requests are packed by: what is secret, and what comes once."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SPLITS = re.compile(r"[\r\n\0]")


class PlainEncoder(Encoder):
    """Packs by the table alone: Huffman codes save a fifth of a token's bytes for more time than all else takes."""

    def encode(self, headers: Iterable[Any], huffman: bool = False) -> bytes:
        """The block; ``huffman`` is what the library asks for, and is not done."""
        return super().encode(headers, huffman=False)


def request_fields(origin: Origin, method: str, path: str, headers: Headers) -> Fields:
    """All fields of a request but its body's length; raises BadRequest."""
    if not path.isascii() or any(character <= " " for character in method + path):
        raise BadRequest("the path holds a space")
    target = [
        HeaderTuple(b":method", method.encode()),
        HeaderTuple(b":scheme", b"https" if origin.tls else b"http"),
        HeaderTuple(b":authority", origin.authority().encode()),
        HeaderTuple(b":path", path.encode()),
    ]
    return target + written(headers)


def written(headers: Headers) -> Fields:
    """Headers that go beyond the next neighbour; raises BadRequest."""
    given = headers.items() if isinstance(headers, Mapping) else headers
    return [
        _field(low, value)
        for low, value in ((name.lower(), value) for name, value in given)
        if low not in HOP_BY_HOP
    ]


def length_field(length: int) -> HeaderTuple:
    """The length of a body."""
    return _field("content-length", str(length))


def _field(name: str, value: str) -> HeaderTuple:
    if _SPLITS.search(value) or not _NAME.fullmatch(name):
        raise BadRequest("a header holds a line break")
    try:
        encoded = value.strip(" \t").encode("latin-1")
    except UnicodeEncodeError as error:
        raise BadRequest("a header is not Latin-1") from error
    kind = NeverIndexedHeaderTuple if name in _OF_ONE_REQUEST else HeaderTuple
    return kind(name.encode(), encoded)
