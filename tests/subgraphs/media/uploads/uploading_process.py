"""A process that uploads, deletes and collects until it is killed, and writes down what it was told is done.

``python -m tests.subgraphs.media.uploads.uploading_process DATABASE REDIS HOME STORE JOURNAL KILLS SEED``: so many children,
one after another, each killed by SIGKILL at a random moment after a random number of acknowledgements.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeAlias
from uuid import UUID, uuid4

from media_core.storage import object_store
from subgraphs.kit.domain.resources import Resources, open_resources
from subgraphs.media.components import Components
from subgraphs.media.models import TABLES
from subgraphs.media.uploads.service import Begin
from tests.subgraphs.harness import METRICS, settings_for
from tests.subgraphs.media.bench import bench, delete, picture

Tell: TypeAlias = Callable[[str, UUID], None]

FIRST_OWNER = 1 << 64
"""Owners of the run with a seed have ids from ``seed * FIRST_OWNER`` on, and contents of their own."""


class _Run:
    """One child's fate."""

    def __init__(self, seed: int, chance: float) -> None:
        self.seed = seed
        self.fate = random.Random(chance)  # noqa: S311

    def owner(self, among: int) -> UUID:
        return UUID(int=self.seed * FIRST_OWNER + self.fate.randrange(among))

    def content(self) -> bytes:
        return bytes([self.seed, self.fate.randrange(6)]) * 1500


def main(arguments: list[str]) -> None:
    database, redis, home, address, journal = arguments[:5]
    seed = int(arguments[6])
    fate = random.Random(seed)  # noqa: S311 - reproducible, not secret
    for _ in range(int(arguments[5])):
        ready, told = os.pipe()
        child = os.fork()
        if child == 0:
            asyncio.run(_work(database, redis, Path(home), address, journal, told, _Run(seed, fate.random())))
        os.close(told)
        for _ in range(fate.randrange(2, 12)):
            os.read(ready, 1)
        time.sleep(fate.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)


async def _work(
    database: str, redis: str, home: Path, address: str, journal: str, told: int, run: _Run
) -> None:
    log = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    store = object_store(address)
    await store.start()
    async with open_resources("media", settings_for(database, redis, home), TABLES, METRICS) as resources:
        components = await bench(resources, store)
        await components.collector.mark()

        def tell(what: str, which: UUID) -> None:
            os.write(log, f"{what} {which.hex}\n".encode())
            os.write(told, b".")

        hands = [_upload(resources, components, run, tell) for _ in range(2)]
        await asyncio.gather(
            *hands, *(_resume(components, run, tell) for _ in range(2)), _collect(components)
        )


async def _upload(resources: Resources, components: Components, run: _Run, tell: Tell) -> None:
    while True:
        row = await components.media.upload(run.owner(2), picture(run.content()))
        tell("stored", row.id)
        if run.fate.random() < 0.6:
            tell("deleting", row.id)
            await delete(resources, components, row)


async def _resume(components: Components, run: _Run, tell: Tell) -> None:
    while True:
        data, owner = uuid4().bytes + run.content(), run.owner(FIRST_OWNER)
        session = await components.uploads.begin(owner, Begin("TUS", len(data), "PUBLIC"))
        for half in (data[:1500], data[1500:]):
            session = await components.uploads.append(session, _once(half))
        tell("received", session.id)
        await components.uploads.finish(session)


async def _collect(components: Components) -> None:
    while True:
        await components.collector.collect()
        await components.collector.scan()
        await components.lifecycle.end_uploads()


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


if __name__ == "__main__":
    main(sys.argv[1:])
