"""How uploads are let in: some at once, others after a wait, the rest told to come again."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from subgraphs.kit.errors import RateLimited
from subgraphs.kit.settings import Storage
from subgraphs.media.limits.admission import Admission


async def waiting(count: int) -> None:
    """Until so many tasks have gone as far as they can."""
    for _ in range(count + 2):
        await asyncio.sleep(0)


async def test_uploads_that_find_no_room_wait_and_are_let_in_in_the_order_they_came() -> None:
    admission = Admission(Storage(uploads_at_once=2, uploads_waiting=3))
    told: list[str] = []
    ends = [asyncio.Event() for _ in range(5)]

    async def upload(number: int) -> None:
        async with admission.slot(uuid4()):
            told.append(f"{number} in")
            await ends[number].wait()
            told.append(f"{number} out")

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(upload(number))
        await waiting(5)
        for number in (1, 0, 2, 3, 4):
            ends[number].set()
            await waiting(5)
    assert told == [
        "0 in", "1 in", "1 out", "2 in", "0 out", "3 in", "2 out", "4 in", "3 out", "4 out"
    ]  # fmt: skip


async def test_more_than_may_wait_are_told_to_come_again_later_the_more_are_before_them() -> None:
    clock = iter([0.0, 80.0, 80.0, 80.0])
    admission = Admission(
        Storage(uploads_at_once=1, uploads_waiting=1), now=lambda: next(clock), chance=lambda: 0.25
    )
    async with admission.slot(uuid4()):
        pass
    async with admission.slot(uuid4()), asyncio.TaskGroup() as group:

        async def another() -> None:
            async with admission.slot(uuid4()):
                raise AssertionError("two were admitted")

        waits = group.create_task(another())
        await waiting(1)
        with pytest.raises(RateLimited) as limited:
            async with admission.slot(uuid4()):
                raise AssertionError("two were admitted")
        waits.cancel()
    assert limited.value.retry_after == 28  # 10.875 seconds an upload, two of them first, and a quarter


async def test_who_has_waited_too_long_is_told_to_come_again_and_leaves_the_room_to_others() -> None:
    admission = Admission(Storage(uploads_at_once=1, upload_wait_seconds=0.0))
    async with admission.slot(uuid4()):
        with pytest.raises(RateLimited):
            async with admission.slot(uuid4()):
                raise AssertionError("two were admitted")
    async with admission.slot(uuid4()):
        pass


async def test_one_person_has_a_share_of_the_places_and_keeps_nobody_else_out() -> None:
    limits = Storage(uploads_at_once=3, uploads_waiting=9, uploads_at_once_each=2, uploads_waiting_each=1)
    admission, greedy, other, told = Admission(limits), uuid4(), uuid4(), list[str]()
    ends = {name: asyncio.Event() for name in "abcdef"}

    async def upload(name: str, viewer: UUID) -> None:
        try:
            async with admission.slot(viewer):
                told.append(f"{name} in")
                await ends[name].wait()
        except RateLimited:
            told.append(f"{name} refused")

    async with asyncio.TaskGroup() as group:
        for name in "abcd":
            group.create_task(upload(name, greedy))
        for name in "ef":
            group.create_task(upload(name, other))
        await waiting(6)
        assert told == ["a in", "b in", "d refused", "e in"]
        ends["e"].set()
        await waiting(6)
        assert told[4:] == ["f in"]
        ends["a"].set()
        await waiting(6)
        assert told[5:] == ["c in"]
        for end in ends.values():
            end.set()


async def test_who_goes_while_waiting_takes_no_place_along() -> None:
    admission, viewer = Admission(Storage(uploads_at_once=1, uploads_at_once_each=2)), uuid4()

    async def upload() -> None:
        async with admission.slot(viewer):
            pass

    async with admission.slot(uuid4()):
        gone = [asyncio.create_task(upload()) for _ in range(3)]
        await waiting(3)
        for one in gone:
            one.cancel()
        await asyncio.wait(gone)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(upload())
