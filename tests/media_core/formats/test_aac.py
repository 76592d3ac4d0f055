from __future__ import annotations

import io

import pytest

from media_core.formats.aac import aac_parameters

_PLAIN = bytes.fromhex("1190")
_WITH_BANDWIDTH = bytes.fromhex("118856e500")


@pytest.mark.parametrize("told", [b"", _PLAIN, _WITH_BANDWIDTH, bytes.fromhex("f8e85000")])
def test_what_says_how_to_play_and_nothing_else_stays_as_it_is(told: bytes) -> None:
    assert aac_parameters(told) == told


def test_channels_that_are_said_one_by_one_stay_and_their_comment_does_not() -> None:
    # Of AAC-LC at 48 kHz: two pairs in front, none beside, one pair behind, no mix; padded to a byte.
    said = "00010 0011 0000 000 0000 01 0011 0010 0000 0001 00 000 0000 000 10000 10001 10000"
    bits = said.replace(" ", "")
    bits += "0" * (-len(bits) % 8)
    channels = int(bits, 2).to_bytes(len(bits) // 8, "big")
    extension = bytes.fromhex("56e500")
    comment = b"Serial-0451-Hidden"
    told = channels + bytes([len(comment)]) + comment + extension
    assert aac_parameters(told) == channels + b"\0" + extension
    assert aac_parameters(channels + b"\0" + extension) == channels + b"\0" + extension


@pytest.mark.parametrize("seed", range(40))
def test_any_bytes_come_out_as_a_few_of_them(seed: int) -> None:
    import random

    told = random.Random(seed).randbytes(seed * 9)  # noqa: S311
    assert len(aac_parameters(told)) <= min(len(told) + 1, 120)


def test_what_ffmpeg_writes_of_an_odd_layout_plays_as_before() -> None:
    av = pytest.importorskip("av")
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        track = container.add_stream("aac", rate=48_000, layout="6.0")
        frame = av.AudioFrame(format="fltp", layout="6.0", samples=1024)
        frame.sample_rate = 48_000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        for _ in range(4):
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    with av.open(io.BytesIO(out.getvalue())) as given:
        told = given.streams.audio[0].codec_context.extradata
        assert b"Lavc" in told
        alone = aac_parameters(told)
        assert b"Lavc" not in alone
        packets = [packet for packet in given.demux() if packet.size]
        heard = []
        for extradata in (told, alone):
            decoder = av.CodecContext.create("aac", "r")
            decoder.extradata = extradata
            frames = [frame for packet in packets for frame in decoder.decode(packet)]
            heard.append(
                [(f.layout.name, f.sample_rate, [bytes(plane) for plane in f.planes]) for f in frames]
            )
    assert heard[0] == heard[1]
    assert len(heard[0]) >= 4
