"""No read begun after a mutation's answer sees the old row, whatever happens in which order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from subgraphs.kit.migrations import upgrade
from tests.subgraphs.kit.cache_law import obeyed, opened


@pytest.fixture
async def content_url(database_url: Callable[[str], str]) -> str:
    await upgrade("subgraphs.content.migrations", database_url("content"))
    return database_url("content")


def test_what_was_made_private_is_not_read_again(content_url: str, tmp_path: Path) -> None:
    with opened(tmp_path / "home", content_url) as world:
        obeyed(world, stories=8, steps=25)
