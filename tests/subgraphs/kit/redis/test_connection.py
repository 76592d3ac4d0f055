"""A connection kept for MGET answers as the pool's do, and gets over what breaks it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from subgraphs.kit.errors import Unavailable
from subgraphs.kit.redis.connection import KeptConnection
from subgraphs.kit.redis.link import RedisLink
from tests.clock import held_clock


@pytest.fixture
async def link(redis_url: str) -> AsyncIterator[RedisLink]:
    made = RedisLink(redis_url)
    yield made
    await made.close()


async def test_values_come_in_the_order_of_their_keys_however_many_ask(link: RedisLink) -> None:
    values = {f"kept:{n}": b"\r\n$3\r\nvalue \xff" + str(n).encode() for n in range(5)}
    await link.client.mset(values)
    keys = [*values, "kept:ø missing"]
    asked = await asyncio.gather(*(link.mget(keys[n:]) for n in range(6)))
    assert asked == [[*list(values.values())[n:], None] for n in range(6)]


async def test_who_goes_away_leaves_no_answer_to_the_next(link: RedisLink) -> None:
    await link.client.mset({"kept:a": b"a", "kept:b": b"b"})
    assert await link.mget(["kept:a"]) == [b"a"]
    asking = asyncio.create_task(link.mget(["kept:a"]))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert await link.mget(["kept:b"]) == [b"b"]


async def test_a_connection_that_was_cut_is_made_anew(link: RedisLink) -> None:
    await link.client.set("kept:a", b"a")
    assert await link.mget(["kept:a"]) == [b"a"]
    await link.client.client_kill_filter(_type="normal", skipme=True)
    assert await link.mget(["kept:a"]) == [b"a"]


async def test_a_server_that_is_away_is_said_to_be_away() -> None:
    link = RedisLink("redis://127.0.0.1:1")
    with pytest.raises(Unavailable):
        await link.mget(["kept:a"])
    await link.close()


async def test_an_error_is_the_askers_alone(link: RedisLink) -> None:
    await link.client.set("kept:a", b"a")
    kept = KeptConnection(link.client.connection_pool, 60.0)
    answers = await asyncio.gather(kept.mget([]), kept.mget(["kept:a"]), return_exceptions=True)
    assert isinstance(answers[0], ResponseError)
    assert answers[1] == [b"a"]
    await kept.close()


@asynccontextmanager
async def _relay(url: str, folder: Path) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The server behind another socket, which passes its answers on as long as the event is set."""
    passing = asyncio.Event()
    passing.set()
    pumps: list[asyncio.Task[None]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        try:
            while data := await reader.read(65536):
                if answers:
                    await passing.wait()
                writer.write(data)
        finally:
            writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_unix_connection(urlsplit(url).path)
        pumps.append(asyncio.create_task(pump(reader, away, answers=False)))
        pumps.append(asyncio.create_task(pump(there, writer, answers=True)))

    async with await asyncio.start_unix_server(accept, folder / "relay"):
        yield urlsplit(url)._replace(path=str(folder / "relay")).geturl(), passing
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def test_a_server_that_hangs_keeps_nobody_waiting(redis_url: str, tmp_path: Path) -> None:
    async with _relay(redis_url, tmp_path) as (url, passing):
        link = RedisLink(url)
        kept = KeptConnection(link.client.connection_pool, 1.0)
        with held_clock() as let_pass:
            await kept.mget(["kept:a"])
            passing.clear()
            asked = [kept.mget([f"kept:{n}"]) for n in range(3)]
            let_pass(1.1)
            answers = await asyncio.gather(*asked, return_exceptions=True)
            assert [type(answer) for answer in answers] == [RedisTimeoutError] * 3
            passing.set()
            assert await kept.mget(["kept:missing"]) == [None]
        await kept.close()
        await link.close()


async def test_many_who_come_first_make_one_connection(link: RedisLink) -> None:
    async def accepted() -> int:
        return int((await link.client.info("stats"))["total_connections_received"])

    before = await accepted()
    await asyncio.gather(*(link.mget([f"kept:{n}"]) for n in range(20)))
    assert await accepted() == before + 1


async def test_a_server_that_accepts_and_says_nothing_is_tried_once_for_all_who_come() -> None:
    tried, came = 0, asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tried
        tried += 1
        came.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    link = RedisLink(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout=0.05)
    answers = await asyncio.gather(*(link.mget(["kept:a"]) for _ in range(12)), return_exceptions=True)
    await came.wait()  # the server is of the same loop: its clients may have given up before it has its turn
    assert ([type(answer) for answer in answers], tried) == ([Unavailable] * 12, 1)
    await link.close()
    server.close()


async def test_an_attempt_goes_on_for_the_others_where_one_goes_away(link: RedisLink) -> None:
    first, second = (asyncio.create_task(link.mget([f"kept:{name}"])) for name in ("gone", "missing"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == [None]
