"""Reads whose server says goodbye: the statement goes on another connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from subgraphs.kit.connections import Connections

_SOCKET = ".s.PGSQL.5432"

_GOODBYE = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
"""An ErrorResponse's fields (PostgreSQL, Message Formats)."""


@asynccontextmanager
async def relay(url: URL, folder: Path) -> AsyncIterator[tuple[URL, list[asyncio.StreamWriter]]]:
    """The server behind another socket, and what writes to each of its clients."""
    clients: list[asyncio.StreamWriter] = []
    pumps: list[asyncio.Task[None]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_unix_connection(f"{url.query['host']}/{_SOCKET}")
        clients.append(writer)
        pumps.extend([asyncio.create_task(pump(reader, away)), asyncio.create_task(pump(there, writer))])

    server = await asyncio.start_unix_server(accept, folder / _SOCKET)
    async with server:
        yield url.update_query_dict({"host": str(folder)}), clients
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


@pytest.fixture
def url(database_url: Callable[[str], str]) -> URL:
    return make_url(database_url("shop"))


async def test_a_server_that_said_goodbye_and_has_not_gone_yet_costs_a_read_nothing(
    url: URL, tmp_path: Path
) -> None:
    async with relay(url, tmp_path) as (relayed, clients):
        connections = Connections(relayed, most=1, patience=1)
        await connections.fetch("SELECT 1", ())
        clients[0].write(b"E" + (len(_GOODBYE) + 4).to_bytes(4) + _GOODBYE)
        await clients[0].drain()
        (record,) = await connections.fetch("SELECT 2 AS two", ())
        assert (record["two"], len(clients), connections.idle) == (2, 2, 1)
        await connections.close()


async def test_a_restart_that_ends_every_idle_connection_costs_a_read_nothing(
    url: URL, tmp_path: Path
) -> None:
    async with relay(url, tmp_path) as (relayed, clients):
        connections = Connections(relayed, most=3, patience=1)
        await asyncio.gather(*(connections.fetch("SELECT pg_sleep(0.05)", ()) for _ in range(3)))
        for client in clients:
            client.write(b"E" + (len(_GOODBYE) + 4).to_bytes(4) + _GOODBYE)
        (record,) = await connections.fetch("SELECT 2 AS two", ())
        assert (record["two"], len(clients)) == (2, 4)
        await connections.close()
