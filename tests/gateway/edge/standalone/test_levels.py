"""What is logged changes while real processes run: one, and several workers."""

from __future__ import annotations

import asyncio
import queue
import re
import signal
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.edge.standalone.process import Gateway, started, write_supergraph
from tests.gateway.transport.serving import Peer, answer, read_request, serving

_TOLD = r"DEBUG +gateway\.edge\.operations\.lifecycle: query [\d.]+ ms ok, trace [0-9a-f]{32}: my-books [\d.]+ ms success"


async def _play(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await read_request(peer, reader)
        writer.write(answer(b'{"data": {"one": 1}}'))


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with serving(*[_play] * 50) as made:
        yield made


class _Log:
    """A process's standard error, line by line."""

    def __init__(self, gateway: Gateway) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(gateway,), daemon=True).start()

    async def until(self, pattern: str) -> list[str]:
        """The lines up to one with this in it, that one among them."""
        return await asyncio.to_thread(self._until, pattern)

    def _until(self, pattern: str) -> list[str]:
        lines: list[str] = []
        while not lines or not re.search(pattern, lines[-1]):
            lines.append(self._lines.get(timeout=60))
        return lines

    def _read(self, gateway: Gateway) -> None:
        assert gateway.process.stderr is not None
        for line in gateway.process.stderr:
            self._lines.put(line)


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_signal_makes_every_process_tell_everything_and_another_ends_that(
    workers: int, tmp_path: Path, peer: Peer
) -> None:
    path = write_supergraph(tmp_path / "supergraph.graphql", peer.url)
    with started("--supergraph", path, "--workers", str(workers)) as gateway:
        log = _Log(gateway)
        for _ in range(2):  # which may be said twice, and means the same
            gateway.process.send_signal(signal.SIGUSR1)
            for _ in range(workers):
                await log.until("everything is told from now on")
        for _ in range(4):  # whichever worker takes it
            assert await gateway.ask("{ one }") == {"data": {"one": 1}}
            await log.until(_TOLD)
        gateway.process.send_signal(signal.SIGUSR2)
        for _ in range(workers):
            await log.until("less is told from now on")
        for _ in range(4):
            assert await gateway.ask("{ one }") == {"data": {"one": 1}}
            assert [line for line in await log.until("POST /graphql 200") if "DEBUG" in line] == []
