"""What a decoder of AAC is told (AudioSpecificConfig, ISO/IEC 14496-3, 1.6.2.1), without the comment that it may have."""

from __future__ import annotations

__all__ = ["aac_parameters"]

_GENERAL = frozenset({1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23})
"""Kinds of sound that are configured by GASpecificConfig (4.4.1)."""
_BANDWIDTH, _STEREO = 5, 29
_LONGEST = 16
"""Bytes of one that says all it may but its channels one by one."""


class _Bits:
    """Read from the first on; beyond the end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self._value, self._size = int.from_bytes(data, "big"), len(data) * 8
        self.at = 0

    def read(self, count: int) -> int:
        self.at += count
        left = self._size - self.at
        value = self._value >> left if left >= 0 else self._value << -left
        return value & (1 << count) - 1


def aac_parameters(data: bytes) -> bytes:
    """Cut where they end, and where channels are said one by one, with no comment after them."""
    bits = _Bits(data)
    kind = _kind(bits)
    _frequency(bits)
    channels = bits.read(4)
    if kind in (_BANDWIDTH, _STEREO):
        _frequency(bits)
        kind = _kind(bits)
    if channels or kind not in _GENERAL:
        return data[:_LONGEST]
    bits.read(1)
    if bits.read(1):  # on a core coder, after so much delay
        bits.read(14)
    bits.read(1)
    _elements(bits)
    start = -(-bits.at // 8)
    after = start + 1 + (data[start] if start < len(data) else 0)
    return data[:start] + b"\0" + data[after : after + _LONGEST]


def _kind(bits: _Bits) -> int:
    kind = bits.read(5)
    return 32 + bits.read(6) if kind == 31 else kind


def _frequency(bits: _Bits) -> None:
    if bits.read(4) == 15:
        bits.read(24)


def _elements(bits: _Bits) -> None:
    """Of program_config_element (4.5.1) all that is before its comment."""
    bits.read(4 + 2 + 4)
    front, side, back = bits.read(4), bits.read(4), bits.read(4)
    low, data, coupling = bits.read(2), bits.read(3), bits.read(4)
    for mixed_to in (4, 4, 3):  # mono, stereo, matrix
        if bits.read(1):
            bits.read(mixed_to)
    bits.read(5 * (front + side + back + coupling) + 4 * (low + data))
