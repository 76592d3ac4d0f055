"""What decoders are told beforehand, with and without messages in it."""

from __future__ import annotations

import pytest

from media_core.formats.parameters import parameters_alone

_START = b"\0\0\0\1"


_RATE, _BOOKS = b"\x01vorbis rate", b"\x05vorbis books"
_COMMENTS = b"\x03vorbis" + b"LOCATION=here" * 40 + b"\1"
_NONE = b"\x03vorbis" + bytes(8) + b"\1"


def _laced(comments: bytes) -> bytes:
    lengths = bytes([len(_RATE)]) + b"\xff" * (len(comments) // 255) + bytes([len(comments) % 255])
    return b"\2" + lengths + _RATE + comments + _BOOKS


def _unit(kind: int, body: bytes) -> bytes:
    """Of AV1, with its size."""
    return bytes([kind << 3 | 0x02, len(body)]) + body


_MAPPED = b"OpusHead" + bytes([1, 3]) + bytes(8) + bytes([1, 2, 1, 0, 2, 1])


@pytest.mark.parametrize(
    ("codec", "data", "left"),
    [
        (
            "h264",
            _START + b"\x67sps" + b"\0\0\1" + b"\x06here" + _START + b"\x68pps",
            _START + b"\x67sps" + _START + b"\x68pps",
        ),
        (
            "hevc",
            _START + b"\x40\1vps" + _START + b"\x4e\1here" + _START + b"\x50\1there",
            _START + b"\x40\1vps",
        ),
        (
            "av1",
            b"\x81\0\0\0" + _unit(1, b"sequence") + _unit(5, b"here"),
            b"\x81\0\0\0" + _unit(1, b"sequence"),
        ),
        ("av1", _unit(5, b"here") + _unit(1, b"sequence"), _unit(1, b"sequence")),
        ("av1", bytes([1 << 3]) + b"no size: here", b""),
        ("h264", _START + b"\x67sps" + _START + b"\x18here" + _START + b"\x0cthere", _START + b"\x67sps"),
        (
            "hevc",
            _START + b"\x40\1vps" + _START + b"\x7c\1here" + _START + b"\x4c\1there",
            _START + b"\x40\1vps",
        ),
        ("av1", _unit(1, b"sequence") + _unit(15, b"here") + _unit(9, b"there"), _unit(1, b"sequence")),
        ("vorbis", _laced(_COMMENTS), _laced(_NONE)),
        (
            "vorbis",
            b"".join(len(h).to_bytes(2, "big") + h for h in (_RATE, _COMMENTS, _BOOKS)),
            _laced(_NONE),
        ),
        ("vorbis", b"\2\xff", b""),
        ("vorbis", b"\0\x07\x01vorbis", b""),
        *((codec, b"here", b"") for codec in ("vp8", "vp9", "mp3", "opus", "unheard of")),
        ("opus", b"OpusHead" + bytes([1, 2]) + bytes(9) + b"here", b"OpusHead" + bytes([1, 2]) + bytes(9)),
        ("opus", _MAPPED + b"here", _MAPPED),
        ("h264", b"", b""),
    ],
)
def test_parameters_are_kept_and_messages_are_not(codec: str, data: bytes, left: bytes) -> None:
    assert parameters_alone(codec, data) == left
