"""An answer's head leaves with what follows it, and does not wait where nothing does; wrong answers are broken off."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import FlowControl

from gateway.edge.server.cycle import Cycle

_LARGE = b"x" * (1 << 20)
_BODY = {"type": "http.response.body", "body": b"body"}


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


def _start(*headers: tuple[bytes, bytes], status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def _sized(size: int) -> Message:
    return _start((b"content-length", b"%d" % size))


def _cycle(wire: _Wire, method: str = "GET", *, keep_alive: bool = True) -> Cycle:
    transport = cast("asyncio.Transport", wire)
    return Cycle(
        {"type": "http", "method": method},
        transport,
        FlowControl(transport),
        keep_alive=keep_alive,
        expects_continue=False,
        on_response=lambda: None,
    )


async def _answered(*messages: Message, method: str = "GET", keep_alive: bool = True) -> _Wire:
    """What an application that sends these messages has written."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    wire = _Wire()
    cycle, tasks = _cycle(wire, method, keep_alive=keep_alive), set[asyncio.Task[None]]()
    cycle.task = asyncio.create_task(cycle.run(app, tasks))
    await cycle.task
    return wire


async def test_head_and_body_that_come_together_are_one_write() -> None:
    wire = await _answered(_sized(4), _BODY)
    assert wire.written == [b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody"]


async def test_a_head_whose_body_comes_later_leaves_at_once() -> None:
    wire = _Wire()
    answer = _cycle(wire)
    await answer.send(_sized(4))
    await asyncio.sleep(0)
    before = list(wire.written)
    await answer.send(_BODY)
    assert before == [b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"]
    assert wire.written == [*before, b"body"]


async def test_a_large_body_is_not_copied() -> None:
    wire = await _answered(_sized(len(_LARGE)), {**_BODY, "body": _LARGE})
    assert wire.written[1] is _LARGE


async def test_nothing_is_written_to_a_client_that_has_left_meanwhile() -> None:
    wire = _Wire()
    await _cycle(wire).send(_sized(4))
    wire.close()
    await asyncio.sleep(0)
    assert wire.written == []


@pytest.mark.parametrize(
    ("method", "keep_alive", "start", "bodies", "written"),
    [
        ("GET", True, _start(), [b"a", b"bc"], b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"),
        ("GET", True, _start(), [b""], b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("HEAD", True, _sized(9), [b""], b"content-length: 9\r\n\r\n"),
        ("GET", True, _start(status=204), [b""], b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", False, _sized(1), [b"a"], b"content-length: 1\r\nconnection: close\r\n\r\na"),
        ("GET", True, _start((b"Connection", b"a, Close"), (b"content-length", b"0")), [b""], b"Close\r\ncontent-length: 0\r\n\r\n"),
    ],
    ids=["in pieces", "empty, its length unsaid", "for HEAD", "without a body", "the last", "the last by its own word"],
)  # fmt: skip
async def test_a_body_is_framed_as_its_head_says(
    method: str, keep_alive: bool, start: Message, bodies: list[bytes], written: bytes
) -> None:
    last = len(bodies) - 1
    messages = [{**_BODY, "body": one, "more_body": n < last} for n, one in enumerate(bodies)]
    wire = await _answered(start, *messages, method=method, keep_alive=keep_alive)
    assert b"".join(wire.written).endswith(written)
    assert wire.closed == (b"lose\r\n" in written)


@pytest.mark.parametrize(
    "header",
    [(b"a b", b"c"), (b"a", b"b\r\nc: d"), (b"a", b"b\nc"), (b"a", b"b\rc"), (b"a", b"b\0c"), (b"a:", b"b")],
)
async def test_a_header_that_could_be_another_is_not_sent(
    header: tuple[bytes, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    wire = await _answered(_start(header), _BODY)
    assert (wire.written, wire.closed) == ([], True)
    assert "Invalid HTTP header" in caplog.text


@pytest.mark.parametrize("messages", [(), (_sized(5), _BODY), (_sized(3), _BODY), (_BODY,)])
async def test_an_answer_that_is_not_whole_is_broken_off(
    messages: tuple[Message, ...], caplog: pytest.LogCaptureFixture
) -> None:
    wire = await _answered(*messages)
    begun = bool(messages) and messages[0] is not _BODY
    assert b"".join(wire.written).startswith(b"HTTP/1.1 200" if begun else b"HTTP/1.1 500")
    assert wire.closed
    assert caplog.records


async def test_a_body_is_read_as_it_comes_and_its_end_and_the_clients_leaving_are_told() -> None:
    cycle = _cycle(_Wire(), "POST")
    reading = asyncio.create_task(cycle.receive())
    await asyncio.sleep(0)
    cycle.take(b"a")
    cycle.take(b"b")
    assert await reading == {"type": "http.request", "body": b"ab", "more_body": True}
    cycle.take(b"c")
    cycle.end()
    assert await cycle.receive() == {"type": "http.request", "body": b"c", "more_body": False}
    both = [asyncio.create_task(cycle.receive()) for _ in range(2)]
    await asyncio.sleep(0)
    cycle.disconnected = True
    cycle.message_event.set()
    assert [await one for one in both] == [{"type": "http.disconnect"}] * 2
