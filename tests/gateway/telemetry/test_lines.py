"""Lines of log wait for others, in order, and not for long."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator

import pytest

from gateway.telemetry.lines import WaitingLines


class _Written(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, float]] = []
        self.came = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.getMessage(), record.created))
        self.came.set()


@pytest.fixture
def written() -> Iterator[_Written]:
    handler, logger = _Written(), logging.getLogger("test.lines")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def _lines() -> WaitingLines[int]:
    return WaitingLines(logging.getLogger("test.lines"), "number %(number)s", lambda n: {"number": n})


def _until_later() -> None:
    """By the clock; the loop runs nothing meanwhile, however long that takes."""
    now = time.time()
    while time.time() == now:
        pass


async def test_lines_are_written_soon_with_the_times_they_are_of(written: _Written) -> None:
    lines = _lines()
    for number in range(3):
        lines.add(number)
        _until_later()
    assert written.lines == []
    async with asyncio.timeout(60):
        await written.came.wait()
    assert [text for text, _ in written.lines] == ["number 0", "number 1", "number 2"]
    first, second, third = (created for _, created in written.lines)
    assert first < second < third


async def test_many_lines_wait_for_nothing(written: _Written) -> None:
    lines = _lines()
    for number in range(40):
        lines.add(number)
    assert [text for text, _ in written.lines] == [f"number {n}" for n in range(32)]
    lines.write()  # or the rest comes to another test


async def test_what_waits_at_the_end_is_not_lost_and_written_once(written: _Written) -> None:
    lines = _lines()
    lines.add(1)
    lines.write()
    lines.write()
    assert [text for text, _ in written.lines] == ["number 1"]
