"""Bytes of uploads are read within a rate, those of whoever came first before others', and of long ones some at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from subgraphs.media.limits.bandwidth import Pace, paced

_MEBIBYTE = 1 << 20


class _Sleeper:
    """Each pause lasts one turn of the loop."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


async def _body(size: int, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield bytes(size)


async def _read(name: str, body: AsyncIterator[bytes], told: Callable[[str], None]) -> None:
    async for _ in body:
        told(name)


async def test_bytes_of_all_uploads_are_read_within_one_rate_and_the_first_without_a_pause() -> None:
    sleeper = _Sleeper()
    pace = Pace(1600, lambda: 1000.0, sleeper)
    bodies = [paced(_body(50, 4), pace) for _ in range(2)]
    read = [len(await anext(bodies[number % 2])) for number in range(8)]
    assert (read, sleeper.pauses) == ([50] * 8, [0.0, 0.0, *(n * 50 / 1600 for n in range(1, 7))])


async def test_of_many_that_come_at_once_the_first_are_there_before_the_last_have_begun() -> None:
    pace, told = Pace(1, lambda: 0.0, _Sleeper()), list[str]()
    async with asyncio.TaskGroup() as group:
        for name in "abcdef":
            group.create_task(_read(name, paced(_body(1, 4), pace), told.append))
    # Two at a time: while one waits for the rate, the other's next bytes come.
    assert "".join(told) == "abababab" + "cdcdcdcd" + "efefefef"


async def test_who_sends_much_goes_behind_the_others_from_time_to_time() -> None:
    pace, told = Pace(1, lambda: 0.0, _Sleeper()), list[str]()
    async with asyncio.TaskGroup() as group:
        for name in "fg":
            group.create_task(_read(name, paced(_body(4 * _MEBIBYTE, 4), pace), told.append))
        for name in "ab":
            group.create_task(_read(name, paced(_body(_MEBIBYTE, 2), pace), told.append))
    assert "".join(told) == "fgfg" + "abab" + "fgfg"


async def test_who_sends_byte_by_byte_goes_behind_the_others_all_the_same() -> None:
    pace, told = Pace(1, lambda: 0.0, _Sleeper()), list[str]()
    async with asyncio.TaskGroup() as group:
        for name, count in (("f", 600), ("g", 600), ("a", 2)):
            group.create_task(_read(name, paced(_body(1, count), pace), told.append))
    assert "".join(told) == "fg" * 512 + "afa" + "fg" * 87 + "g"


async def test_who_goes_while_waiting_takes_no_turn_along() -> None:
    pace, told = Pace(1, lambda: 0.0, _Sleeper()), list[str]()
    first, *gone = [
        asyncio.create_task(_read(name, paced(_body(1, 2), pace), told.append)) for name in "abcd"
    ]
    await asyncio.sleep(0)
    for one in gone:
        one.cancel()
    await asyncio.wait(gone)
    await first
    with suppress(asyncio.CancelledError):
        await gone[0]
    await _read("e", paced(_body(1, 2), pace), told.append)
    assert "".join(told) == "aaee"
