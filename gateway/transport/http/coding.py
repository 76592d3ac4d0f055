"""Content codings undone within bounds."""

from __future__ import annotations

import zlib

from gateway.transport.http.failures import BadResponse, TooLarge

__all__ = ["decoded"]


def decoded(body: bytes, coding: bytes, most: int) -> bytes:
    """The body without its content coding; raises BadResponse, or TooLarge past ``most`` bytes."""
    name = coding.strip().lower()
    if name == b"identity":
        return body
    if name not in (b"gzip", b"x-gzip", b"deflate"):
        raise BadResponse("it answered in an unknown encoding")
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        plain = decoder.decompress(body, most + 1)
    except zlib.error as error:
        raise BadResponse("its answer cannot be decompressed") from error
    if len(plain) > most:
        raise TooLarge("its answer is too large")
    if not decoder.eof:
        raise BadResponse("its answer cannot be decompressed")
    return plain
