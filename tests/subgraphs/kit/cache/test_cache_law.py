"""No read begun after a mutation's answer sees the old row, whatever happens in which order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from subgraphs.content.models import POST, Post
from subgraphs.kit.cache.trust import TRUST_SECONDS
from subgraphs.kit.database.migrations import upgrade
from tests.subgraphs.kit.cache.cache_law import obeyed
from tests.subgraphs.kit.cache.cache_world import Process, World, begun, opened


@pytest.fixture
async def content_url(database_url: Callable[[str], str]) -> str:
    await upgrade("subgraphs.content.migrations", database_url("content"))
    return database_url("content")


def test_what_was_made_private_is_not_read_again(content_url: str, tmp_path: Path) -> None:
    with opened(tmp_path / "home", content_url) as world:
        obeyed(world, stories=8, steps=25)


def test_who_is_cut_off_answers_when_another_process_has_told_all_domains(
    content_url: str, tmp_path: Path
) -> None:
    async def story(world: World) -> tuple[tuple[int, bool], float]:
        service, post = f"law-{uuid4().hex[:8]}", uuid4()
        writer, other, elsewhere = (Process(service, world) for _ in range(3))
        for process in (writer, other, elsewhere):
            await process.open()
        async with other.database.write() as tx:
            tx.add(Post(id=post, author_id=UUID(int=2), body="b"), POST)
        await other.publisher.publish_batch()
        await writer.door.shut()
        began = world.time.now
        narrowing, pause = await begun(writer.narrow(post), "while it waits")
        await other.publisher.publish_batch()
        pause.let_go.set()
        await narrowing
        seen, waited = await elsewhere.noticed(post), world.time.now - began
        for process in (writer, other, elsewhere):
            await process.close()
        return seen, waited

    with opened(tmp_path / "home", content_url) as world:
        seen, waited = world.run(story(world))
    assert seen == (2, True)
    assert waited < TRUST_SECONDS
