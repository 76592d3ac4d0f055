"""A service in several processes: each is asked, and what they know is added up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner
from gateway.transport import HttpClient
from infra.ops.ask import MOST_MERGED, Ask, Number, Part
from infra.ops.merging import away, merged_gauges, total_rows
from infra.ops.part import part_of
from infra.ops.replicas import RemoteService, addresses
from infra.ops.table import merged_rows
from infra.recent_traces import RecentTraces
from tests.infra.ops.cells import Looking, ran

_CALLER = Caller("", {"sub": "1", "roles": ["operator"]})
_SIGNER = IdentitySigner(Ed25519PrivateKey.generate(), "key", frozenset({"shop"}))


def _part(*seconds: float, field: str = "products", gauges: Sequence[Number] = (), **asked: Any) -> Part:
    looking = Looking()
    ran(looking.cell("shop", "Query", field), *seconds, operations=2)
    looking.look(10)
    made = part_of(looking.recorder, RecentTraces(), Ask(**asked))
    return msgspec.structs.replace(made, gauges=list(gauges))


class _Door:
    """Answers every request with this part, or with no part at all; remembers what it was asked."""

    def __init__(self, part: Part | None) -> None:
        self._part = part
        self.asked: list[Ask] = []
        self.talks: set[asyncio.Task[Any] | None] = set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks.add(asyncio.current_task())
        while head := await _head(reader):
            assert head.startswith(b"POST /ops/part ")
            assert b"authorization: Bearer " in head
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            self.asked.append(msgspec.json.decode(await reader.readexactly(length), type=Ask))
            body = msgspec.json.encode(self._part)
            status = b"200 OK" if self._part else b"503 Away"
            writer.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n" % (status, len(body)) + body)
        writer.close()
        await writer.wait_closed()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


@asynccontextmanager
async def _replicas(*doors: _Door) -> AsyncIterator[int]:
    """Each at an address of its own, on one port."""
    first, *others = [await asyncio.start_server(doors[0].answer, "127.0.0.1", 0)]
    port = first.sockets[0].getsockname()[1]
    for number, door in enumerate(doors[1:], start=2):
        others.append(await asyncio.start_server(door.answer, f"127.0.0.{number}", port))
    try:
        yield port
        await asyncio.gather(*(talk for door in doors for talk in door.talks if talk))
    finally:
        for server in (first, *others):
            server.close()


async def test_each_replica_is_asked_for_more_than_the_page() -> None:
    doors = [_Door(_part(0.1)), _Door(_part(0.2)), _Door(None)]
    found: list[list[str]] = [
        ["127.0.0.1", "127.0.0.2", "127.0.0.3"],
        ["127.0.0.2", "127.0.0.1"],
        ["127.0.0.1"],
        [],
    ]
    looked_up: list[tuple[str, int]] = []

    async def find(host: str, port: int) -> list[str]:
        looked_up.append((host, port))
        return found.pop(0)

    async with _replicas(*doors) as port:
        client = HttpClient(f"http://127.0.0.1:{port}")
        service = RemoteService("shop", client, _SIGNER, "{host}-replicas", find)
        ask = Ask(first=10, offset=5)
        told = [await service.parts(ask, _CALLER) for _ in range(4)]
        await service.close()
        await client.close()
    assert looked_up == [("127.0.0.1-replicas", port)] * 4
    assert [[part and part.rows[0].seconds for part in parts] for parts in told] == [
        [pytest.approx(0.1), pytest.approx(0.2), None],
        [pytest.approx(0.2), pytest.approx(0.1)],
        [pytest.approx(0.1)],
        [pytest.approx(0.1)],
    ]
    whole = msgspec.structs.replace(ask, first=MOST_MERGED, offset=0)
    assert doors[0].asked == [whole, whole, ask, ask]


async def test_a_name_is_looked_up_by_the_systems_resolver() -> None:
    assert "127.0.0.1" in await addresses("localhost", 80)
    assert await addresses("nothing.invalid", 80) == ()


def test_what_replicas_know_of_one_resolver_is_one_row() -> None:
    parts = [_part(*[0.01] * 90), _part(*[0.5] * 10), _part(0.02, field="product")]
    rows = merged_rows(parts, Ask())
    assert [row.field for row in rows] == ["products", "product"]
    assert [row.rate for row in rows] == pytest.approx([10.0, 0.1])
    assert [row.per_operation for row in rows] == [25.0, 0.5]
    assert [rows[0].p50, rows[0].p95] == pytest.approx([0.01, 0.5], rel=0.05)
    assert rows[0].load == pytest.approx((90 * 0.01 + 10 * 0.5) / 10)
    line: Any = rows[0].line
    assert line[-1] == pytest.approx(0.5, rel=0.05)
    assert [row.field for row in merged_rows(parts, Ask(first=1, offset=1))] == ["product"]


def test_replicas_are_counted_once_and_those_that_are_away_are_named() -> None:
    told: dict[str, list[Part | None]] = {
        "gateway": [_part(0.1)],
        "shop": [_part(0.1), _part(0.1), None],
        "user": [None],
        "ai": [_part(0.1, field="a"), _part(0.1, field="b")],
    }
    assert total_rows(told) == 1 + 1 + 2
    assert away(told) == ["shop (1 of 3)", "user"]


def test_numbers_of_replicas_are_one_number_each() -> None:
    def gauges(up: float, waiting: float, age: float, broken: float) -> list[Number]:
        shop = {"service": "shop"}
        return [
            Number("database_up", shop, up),
            Number("db_client_connection_pending_requests", shop, waiting),
            Number("outbox_oldest_age_seconds", shop, age),
            Number("circuit_breaker_open", {**shop, "target": "cache"}, broken),
        ]

    merged = merged_gauges([_part(gauges=gauges(1, 2, 30, 0)), _part(gauges=gauges(0, 3, 7, 1))])
    assert [one.value for one in merged] == [0, 5, 30, 1]
