"""JPEG XL: a bare codestream or ISO boxes around one. Only its size is read here (ISO/IEC 18181-1, annex D)."""

from __future__ import annotations

from media_core.formats.header import Buffer, Header, corrupt, truncated
from media_core.formats.iso import boxes

__all__ = ["survey"]

_SIGNATURE = b"\xff\x0a"
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_LENGTHS = (9, 13, 18, 30)


class _Bits:
    """Least significant first."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data, "little"), len(data) * 8

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise truncated("half a size")
        value = self._value & ((1 << count) - 1)
        self._value >>= count
        return value


def survey(data: Buffer) -> Header:
    """Size, before orientation; whether all is there is the decoder's to tell."""
    start = data[:16] if data[:2] == _SIGNATURE else _codestream(data)
    if start[:2] != _SIGNATURE:
        raise corrupt("no codestream")
    bits = _Bits(start[2:])
    small = bits.take(1)
    height = _side(bits, small)
    across, down = _RATIOS.get(bits.take(3), (0, 0))
    width = height * across // down if down else _side(bits, small)
    return Header("jxl", width, height)


def _side(bits: _Bits, small: int) -> int:
    return (bits.take(5) + 1) * 8 if small else bits.take(_LENGTHS[bits.take(2)]) + 1


def _codestream(data: Buffer) -> bytes:
    """The first bytes of it; `jxlp` has an index before its part."""
    for kind, piece in boxes(data):
        skipped = {b"jxlc": 8, b"jxlp": 12}.get(kind)
        if skipped is not None:
            return data[piece.start + skipped : min(piece.end, piece.start + skipped + 16)]
    raise truncated("no codestream")
