"""Demo posts by the demo's people, and two hundred thousand more for measuring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert

from subgraphs.content.demo import COMMENTS, POSTS, DemoPost
from subgraphs.content.events import POST_PUBLISHED, emit_post
from subgraphs.content.models import (
    AUTHORED,
    COMMENT,
    MENTIONED,
    POST,
    TABLES,
    Comment,
    Mention,
    Post,
    Reaction,
)
from subgraphs.kit.domain.demo import PEOPLE, LargeSet, demo_id, large_follows, large_posts
from subgraphs.kit.domain.resources import Resources

__all__ = ["seed"]

_CHUNK = 5000
_POSTERS = 11
"""Everyone but the operator, in turn."""
_BETWEEN = timedelta(hours=17, minutes=23)


async def seed(resources: Resources, size: str) -> None:
    """``demo``: thirty posts over the last weeks; ``large``: twenty each by ten thousand people."""
    if size == "large":
        await _seed_large(resources, LargeSet())
    else:
        await _seed_demo(resources)


async def _seed_demo(resources: Resources) -> None:
    async with resources.database.write() as tx:
        if await tx.session.get(Post, demo_id("post", 0)):
            return
        newest = tx.now - timedelta(minutes=40)
        for number, made in enumerate(POSTS):
            post = _post(number, made, newest - _BETWEEN * (len(POSTS) - 1 - number))
            tx.add(post, POST)
            tx.forget(AUTHORED, post.author_id)
            tx.forget(MENTIONED, *post.product_ids)
            emit_post(tx, POST_PUBLISHED, post)
        await tx.session.flush()
        tx.session.add_all(
            Mention(product_id=demo_id("product", product), post_id=demo_id("post", number))
            for number, made in enumerate(POSTS)
            for product in made.products
        )
        for comment in _comments(newest):
            tx.add(comment, COMMENT)
        tx.session.add_all(_reactions(newest))


def _post(number: int, made: DemoPost, moment: datetime) -> Post:
    return Post(
        id=demo_id("post", number),
        created_at=moment,
        updated_at=moment,
        author_id=PEOPLE[number % _POSTERS].id,
        body=made.body,
        visibility=made.visibility,
        media_ids=[demo_id("post-picture", n) for n in made.pictures],
        product_ids=[demo_id("product", n) for n in made.products],
    )


def _comments(newest: datetime) -> Iterator[Comment]:
    for number, (post, person, body) in enumerate(COMMENTS):
        written = newest - _BETWEEN * (len(POSTS) - 1 - post)
        moment = written + timedelta(minutes=7 + number % 29)
        yield Comment(
            id=demo_id("comment", number),
            created_at=moment,
            updated_at=moment,
            post_id=demo_id("post", post),
            author_id=PEOPLE[person].id,
            body=body,
        )


def _reactions(newest: datetime) -> Iterator[Reaction]:
    """Each public post is liked by some, the more the luckier its number."""
    kinds = ("LIKE", "LOVE", "LIKE", "WOW", "LAUGH")
    for number, made in enumerate(POSTS):
        for person in PEOPLE:
            if made.visibility == "PUBLIC" and (number * 7 + person.number * 5) % 12 < 2 + number % 6:
                yield Reaction(
                    post_id=demo_id("post", number),
                    user_id=person.id,
                    kind=kinds[(number + person.number) % len(kinds)],
                    reacted_at=newest,
                )


async def _seed_large(resources: Resources, size: LargeSet) -> None:
    """Rows and relations only, a transaction a chunk: a second call goes on where the first ended."""
    edges = TABLES.relation_edges
    for start in range(0, size.users, _CHUNK):
        numbers = range(start, min(start + _CHUNK, size.users))
        async with resources.database.write() as tx:
            follows = [e for n in numbers for e in large_follows(n, size.users)]
            for i in range(0, len(follows), _CHUNK):
                await tx.session.execute(upsert(edges).on_conflict_do_nothing(), follows[i : i + _CHUNK])
    for start in range(0, size.posts, _CHUNK):
        numbers = range(start, min(start + _CHUNK, size.posts))
        async with resources.database.write() as tx:
            if not await tx.session.get(Post, demo_id("large-post", numbers[-1])):
                await tx.session.execute(insert(Post), _large_posts(numbers, size.users))


def _large_posts(numbers: range, users: int) -> list[dict[str, Any]]:
    return [
        {
            "id": post.id,
            "created_at": post.moment,
            "updated_at": post.moment,
            "version": 1,
            "author_id": post.author,
            "body": post.body,
            "visibility": "PUBLIC",
            "media_ids": [],
            "product_ids": [],
        }
        for post in large_posts(numbers, users)
    ]
