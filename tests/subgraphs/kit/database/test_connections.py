"""Reads whose server says goodbye, and whose readers leave: nothing is lost, and no connection is left open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from subgraphs.kit.database.connections import Connections

_SOCKET = ".s.PGSQL.5432"

_GOODBYE = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
"""An ErrorResponse's fields (PostgreSQL, Message Formats)."""


class Server:
    """What stands between us and PostgreSQL: it can say what PostgreSQL does not, and keep silent."""

    def __init__(self) -> None:
        self.clients: list[asyncio.StreamWriter] = []
        """What writes to each client."""
        self.silent = asyncio.Event()
        """Set when a client has sent what is not passed on."""
        self.left = asyncio.Event()
        """Set when that client has closed its connection."""


@asynccontextmanager
async def relay(url: URL, folder: Path, silent_at: bytes | None = None) -> AsyncIterator[tuple[URL, Server]]:
    """PostgreSQL behind another socket."""
    relayed = Server()
    pumps: list[asyncio.Task[None]] = []
    opened: list[asyncio.StreamWriter] = []

    async def back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def forth(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        refused = False
        while data := await reader.read(65536):
            if silent_at is not None and silent_at in data:
                refused = True
                relayed.silent.set()
            else:
                writer.write(data)
        if refused:  # and not a client that asks to cancel a statement
            relayed.left.set()
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_unix_connection(f"{url.query['host']}/{_SOCKET}")
        relayed.clients.append(writer)
        opened.extend([writer, away])
        pumps.extend([asyncio.create_task(forth(reader, away)), asyncio.create_task(back(there, writer))])

    server = await asyncio.start_unix_server(accept, folder / _SOCKET)
    async with server:
        yield url.update_query_dict({"host": str(folder)}), relayed
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        for writer in opened:
            writer.close()


@pytest.fixture
def url(database_url: Callable[[str], str]) -> URL:
    return make_url(database_url("shop"))


async def test_a_server_that_said_goodbye_and_has_not_gone_yet_costs_a_read_nothing(
    url: URL, tmp_path: Path
) -> None:
    async with relay(url, tmp_path) as (relayed, server):
        connections = Connections(relayed, most=1, patience=1)
        await connections.fetch("SELECT 1", ())
        server.clients[0].write(b"E" + (len(_GOODBYE) + 4).to_bytes(4) + _GOODBYE)
        await server.clients[0].drain()
        (record,) = await connections.fetch("SELECT 2 AS two", ())
        assert (record["two"], len(server.clients), connections.idle) == (2, 2, 1)
        await connections.close()


async def test_a_restart_that_ends_every_idle_connection_costs_a_read_nothing(
    url: URL, tmp_path: Path
) -> None:
    async with relay(url, tmp_path) as (relayed, server):
        connections = Connections(relayed, most=3, patience=1)
        await asyncio.gather(*(connections.fetch("SELECT pg_sleep(0.05)", ()) for _ in range(3)))
        for client in server.clients:
            client.write(b"E" + (len(_GOODBYE) + 4).to_bytes(4) + _GOODBYE)
        (record,) = await connections.fetch("SELECT 2 AS two", ())
        assert (record["two"], len(server.clients)) == (2, 4)
        await connections.close()


@pytest.mark.parametrize("silent_at", [b"plan_cache_mode", b"SELECT 2"])
async def test_who_leaves_while_a_connection_is_made_or_reads_leaves_none_open(
    url: URL, tmp_path: Path, silent_at: bytes
) -> None:
    async with relay(url, tmp_path, silent_at) as (relayed, server):
        connections = Connections(relayed, most=1, patience=1)
        reading = asyncio.create_task(connections.fetch("SELECT 2", ()))
        await server.silent.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await connections.close()
        await server.left.wait()
        assert (connections.used, connections.idle) == (0, 0)
