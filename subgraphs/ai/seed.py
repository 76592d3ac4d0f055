"""The large set's index; the demo's comes by events, as everything else does."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col

from subgraphs.ai.index import Entry, Indexer
from subgraphs.ai.models import Embedding
from subgraphs.ai.providers import LocalProvider
from subgraphs.ai.repository import SearchRepository
from subgraphs.kit.domain.demo import LargeSet, demo_id, large_posts
from subgraphs.kit.domain.resources import Resources

__all__ = ["seed"]

_CHUNK = 1000


async def seed(resources: Resources, size: str) -> None:
    """``large``: the posts of the large set, which no events tell of; goes on where an earlier call ended."""
    if size != "large":
        return
    whole, indexer = LargeSet(), Indexer(LocalProvider(), SearchRepository(resources.database))
    for start in range(0, whole.posts, _CHUNK):
        numbers = range(start, min(start + _CHUNK, whole.posts))
        async with resources.database.write() as tx:
            last = demo_id("large-post", numbers[-1])
            there = select(func.count()).where(
                col(Embedding.subject_type) == "Post", col(Embedding.subject_id) == last
            )
            if (await tx.session.execute(there)).scalar():
                continue
            posts = large_posts(numbers, whole.users)
            await indexer.enter(tx, [Entry("Post", p.id, p.author, "", p.body) for p in posts])
