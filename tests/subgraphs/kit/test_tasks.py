"""Tasks end when they are told to, whatever becomes of a cancellation on the way."""

from __future__ import annotations

import asyncio

from subgraphs.kit.tasks import end_tasks


async def test_a_task_that_lost_its_cancellation_is_asked_again() -> None:
    asked = 0
    began = asyncio.Event()

    async def stubborn() -> None:
        nonlocal asked
        while True:
            try:
                began.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:  # as a driver does that was in the middle of something
                asked += 1
                if asked == 3:
                    raise

    async def failing() -> None:
        raise ValueError

    tasks = [asyncio.create_task(stubborn()), asyncio.create_task(failing())]
    await began.wait()
    await end_tasks(tasks, ask_again=0.01)
    assert (asked, [task.done() for task in tasks]) == (3, [True, True])


async def test_nothing_to_end_is_no_error() -> None:
    await end_tasks([])
