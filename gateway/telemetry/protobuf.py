"""Protocol buffers' wire format, as far as traces need it (https://protobuf.dev/programming-guides/encoding/)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

__all__ = ["Field", "Malformed", "fields", "message", "number", "text", "timestamp"]

Field: TypeAlias = tuple[int, int | bytes]
"""A field's number, and what it holds: a number, or bytes not looked into."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 70
"""Bits that ten groups of seven hold."""


class Malformed(Exception):
    """Bytes that are no message."""


def number(field: int, value: int) -> bytes:
    """An unsigned number."""
    return _varint(field << 3 | _VARINT) + _varint(value)


def text(field: int, value: str) -> bytes:
    """A text; what is no Unicode becomes ``?``."""
    return message(field, value.encode(errors="replace"))


def message(field: int, value: bytes) -> bytes:
    """Bytes, or a message within a message."""
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def timestamp(field: int, nanoseconds: int) -> bytes:
    """``google.protobuf.Timestamp`` of the time since 1970."""
    seconds, rest = divmod(nanoseconds, 10**9)
    return message(field, number(1, seconds) + number(2, rest))


def fields(data: bytes) -> Iterator[Field]:
    """The fields of a message in their order; those of fixed length are passed over. Raises Malformed."""
    at, end = 0, len(data)
    while at < end:
        tag, at = _read_varint(data, at)
        kind = tag & 7
        if kind == _VARINT:
            value, at = _read_varint(data, at)
            yield tag >> 3, value
        elif kind == _BYTES:
            length, at = _read_varint(data, at)
            if length > end - at:
                raise Malformed("a field is longer than its message")
            yield tag >> 3, data[at : at + length]
            at += length
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise Malformed("a field of an unknown kind")
    if at != end:
        raise Malformed("a field is longer than its message")


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, _LONGEST_VARINT, 7):
        if at >= len(data):
            raise Malformed("a number has no end")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise Malformed("a number is too long")
