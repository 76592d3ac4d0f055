"""Questions that several ask at the same time are asked as one, and later ones anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from subgraphs.kit.loading.together import Together


async def test_those_who_come_at_one_moment_ask_together_and_those_who_come_later_ask_anew() -> None:
    asked: list[list[str]] = []

    async def ask(keys: list[str]) -> Sequence[str | None]:
        asked.append(keys)
        await asyncio.sleep(0)
        return [key.upper() if key != "none" else None for key in keys]

    together = Together(ask)
    first = await asyncio.gather(*(together.of(key) for key in ("a", "b", "a", "none")))
    late = await together.of("a")
    assert (first, late) == (["A", "B", "A", None], "A")
    assert asked == [["a", "b", "none"], ["a"]]


async def test_where_asking_fails_the_one_who_asked_hears_it_and_nobody_is_left_waiting() -> None:
    async def ask(keys: list[str]) -> Sequence[str | None]:
        raise OSError("away")

    together = Together(ask)
    first, second = await asyncio.gather(together.of("a"), together.of("b"), return_exceptions=True)
    assert (repr(first), second) == ("OSError('away')", None)
    with pytest.raises(OSError, match="away"):
        await together.of("a")


async def test_where_the_one_who_asks_for_all_goes_away_nobody_is_left_waiting() -> None:
    async def ask(keys: list[str]) -> Sequence[str | None]:
        return keys

    together = Together(ask)
    first, second = (asyncio.create_task(together.of(key)) for key in ("a", "b"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is None
    assert await together.of("b") == "b"
