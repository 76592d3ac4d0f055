"""An answer's head leaves with what follows it, and does not wait where nothing does."""

from __future__ import annotations

import asyncio
from typing import cast

from gateway.edge.server.writes import JoinedWrites

_LARGE = b"x" * (1 << 20)


class _Wire:
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.written.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


def _joined(wire: _Wire) -> JoinedWrites:
    return JoinedWrites(cast("asyncio.Transport", wire), asyncio.get_running_loop())


async def test_head_and_body_that_come_together_are_one_write() -> None:
    wire = _Wire()
    answer = _joined(wire)

    answer.write(b"head ")
    answer.write(b"body")
    await asyncio.sleep(0)
    answer.write(b" more")

    assert wire.written == [b"head body", b" more"]


async def test_a_head_of_an_answer_whose_body_comes_later_leaves_at_once() -> None:
    wire = _Wire()
    answer = _joined(wire)

    answer.write(b"head")
    await asyncio.sleep(0)
    before = list(wire.written)
    answer.write(b"body")

    assert (before, wire.written) == ([b"head"], [b"head", b"body"])


async def test_a_large_body_is_not_copied() -> None:
    wire = _Wire()
    answer = _joined(wire)

    answer.write(b"head")
    answer.write(_LARGE)

    assert wire.written[0] == b"head"
    assert wire.written[1] is _LARGE


async def test_what_waits_leaves_before_the_connection_is_closed() -> None:
    wire = _Wire()
    answer = _joined(wire)

    answer.write(b"head")
    answer.close()

    assert (wire.written, wire.closed, answer.is_closing()) == ([b"head"], True, True)


async def test_nothing_is_written_to_a_client_that_has_left_meanwhile() -> None:
    wire = _Wire()
    answer = _joined(wire)

    answer.write(b"head")
    wire.close()
    await asyncio.sleep(0)

    assert wire.written == []
