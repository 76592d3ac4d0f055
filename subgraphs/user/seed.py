"""Demo people who know each other, and ten thousand more for measuring."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert

from subgraphs.kit.authorization.relations import FOLLOW
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.demo import PASSWORD, PEOPLE, LargeSet, demo_id, demo_moment, large_follows
from subgraphs.kit.domain.resources import Resources
from subgraphs.user.events import emit_profile, emit_relation
from subgraphs.user.models import HANDLE, TABLES, USER, Credential, User
from subgraphs.user.passwords import Passwords

__all__ = ["seed", "seed_large"]

_CHUNK = 2000


async def seed(resources: Resources, size: str) -> None:
    """``demo``: a dozen people; ``large``: ten thousand, who cannot sign in."""
    if size == "large":
        await seed_large(resources, LargeSet().users)
    else:
        await _seed_demo(resources)


async def _seed_demo(resources: Resources) -> None:
    passwords = Passwords()
    try:
        hashes = await asyncio.gather(*(passwords.hash(PASSWORD) for _ in PEOPLE))
    finally:
        passwords.close()
    async with resources.database.write() as tx:
        if await tx.session.get(User, PEOPLE[0].id):
            return
        for person, password_hash in zip(PEOPLE, hashes, strict=True):
            moment = demo_moment(person.number)
            user = User(
                id=person.id,
                created_at=moment,
                updated_at=moment,
                handle=person.handle,
                email=f"{person.handle}@demo.lets-connect.example",
                display_name=person.name,
                bio=person.bio,
                role="OPERATOR" if person.handle == "operator" else "MEMBER",
                avatar_id=demo_id("avatar", person.number),
            )
            tx.add(user, USER)
            tx.forget(HANDLE, user.handle)
            await tx.session.flush()
            tx.session.add(Credential(user_id=user.id, password_hash=password_hash))
            emit_profile(tx, user, placed=True)
        await _follow(tx, [(a.id, b.id) for a in PEOPLE for b in PEOPLE if _knows(a.number, b.number)])


def _knows(one: int, two: int) -> bool:
    """Everyone follows about half of the others, and not always mutually."""
    return one != two and (one * 5 + two * 3) % 4 < 2


async def _follow(tx: Transaction, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    rows = [{"user_id": a, "other_id": b, "kind": FOLLOW, "since": tx.now} for a, b in pairs]
    await tx.session.execute(upsert(TABLES.relation_edges).on_conflict_do_nothing(), rows)
    for user, other in pairs:
        emit_relation(tx, user, other, FOLLOW, held=True)


async def seed_large(resources: Resources, users: int) -> None:
    """Rows and relations only, in chunks; the relations reach the other domains by their own seeds."""
    async with resources.database.write() as tx:
        if await tx.session.get(User, demo_id("large-user", users - 1)):
            return
        for start in range(0, users, _CHUNK):
            numbers = range(start, min(start + _CHUNK, users))
            await tx.session.execute(insert(User), [_large_user(n, demo_moment(n)) for n in numbers])
            await tx.session.execute(
                insert(TABLES.relation_edges), [e for n in numbers for e in large_follows(n, users)]
            )
        tx.forget(HANDLE, *map(_large_handle, range(users)))


def _large_handle(number: int) -> str:
    return f"person{number}"


def _large_user(number: int, moment: datetime) -> dict[str, Any]:
    return {
        "id": demo_id("large-user", number),
        "created_at": moment,
        "updated_at": moment,
        "version": 1,
        "handle": _large_handle(number),
        "email": f"person{number}@large.lets-connect.example",
        "display_name": f"Person {number}",
        "bio": None,
        "role": "MEMBER",
    }
