"""The demo's people and the identifiers its rows share across domains, all reproducible."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from subgraphs.kit.authorization.relations import FOLLOW
from subgraphs.kit.clock import uuid7

__all__ = [
    "BEGINNING",
    "PASSWORD",
    "PEOPLE",
    "LargePost",
    "LargeSet",
    "Person",
    "demo_id",
    "demo_moment",
    "large_follows",
    "large_posts",
]

BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PASSWORD = "lets-connect-demo"  # noqa: S105 - printed at start, in development only


@dataclass(frozen=True, slots=True)
class Person:
    """One demo user; ``number`` orders them and makes their ids."""

    number: int
    handle: str
    name: str
    bio: str

    @property
    def id(self) -> UUID:
        return demo_id("user", self.number)


@dataclass(frozen=True, slots=True)
class LargeSet:
    """How much ``seed --large`` makes.

    The cache is told nothing of it: rows are added and never changed, under ids that nobody can have asked for, so nothing
    that is kept is older than they are. Who asked for one of its people by their handle before finds nobody for another ten
    minutes, as for as long it is kept that there was none.
    """

    users: int = 10_000
    posts: int = 200_000


@dataclass(frozen=True, slots=True)
class LargePost:
    """A post of the large set; all are public."""

    id: UUID
    author: UUID
    moment: datetime
    body: str


_PEOPLE = (
    ("ada", "Ada Okafor", "Systems engineer. Slow mornings, fast queries."),
    ("bruno", "Bruno Keller", "Mountain photographer, mostly before breakfast."),
    ("chiyo", "Chiyo Tanaka", "Ceramics, glazes and the occasional kiln disaster."),
    ("dario", "Dario Conti", "Baker. Sourdough has opinions; so do I."),
    ("elif", "Elif Demir", "Urban cyclist and map nerd."),
    ("farah", "Farah Haddad", "Product designer, type collector."),
    ("gus", "Gus Lindqvist", "Luthier. Wood, strings, patience."),
    ("hana", "Hana Novak", "Botanist at large."),
    ("ines", "Inês Duarte", "Sea swimmer, all year round."),
    ("jonas", "Jonas Weiss", "Runs a very small bookshop."),
    ("kemi", "Kemi Adeyemi", "Makes radio about ordinary things."),
    ("operator", "Olive Park", "Keeps the lights on."),
)
PEOPLE = tuple(Person(n, *fields) for n, fields in enumerate(_PEOPLE))


def demo_moment(number: int, minutes: int = 1) -> datetime:
    """A moment after the beginning, the same on every machine."""
    return BEGINNING + timedelta(minutes=number * minutes)


def demo_id(kind: str, number: int, moment: datetime | None = None) -> UUID:
    """The id of the ``number``-th row of a kind: time-ordered as real ones are."""
    entropy = hashlib.sha256(f"{kind}:{number}".encode()).digest()[:10]
    return uuid7(moment or demo_moment(number), entropy)


_FOLLOWS_EACH = 20


def large_follows(number: int, users: int) -> list[dict[str, Any]]:
    """Rows of ``relation_edges``: whom the ``number``-th person of the large set follows."""
    others = {(number * 7 + step * 131 + 1) % users for step in range(_FOLLOWS_EACH)} - {number}
    return [
        {
            "user_id": demo_id("large-user", number),
            "other_id": demo_id("large-user", other),
            "kind": FOLLOW,
            "since": demo_moment(number),
        }
        for other in sorted(others)
    ]


_VOCABULARY = (
    "harbour morning bicycle lantern garden river market window violin bread mountain letter "
    "station paper copper summer orchard blanket compass kettle meadow painter silver thunder "
    "tunnel velvet walnut yellow bridge candle"
)


def large_posts(numbers: Iterable[int], users: int) -> Iterator[LargePost]:
    """The posts of these numbers, by everyone in turn."""
    vocabulary = _VOCABULARY.split()
    for number in numbers:
        words = (vocabulary[(number * step + step * step) % len(vocabulary)] for step in range(3, 15))
        yield LargePost(
            demo_id("large-post", number),
            demo_id("large-user", number % users),
            demo_moment(number),
            f"Post {number}: {' '.join(words)}.",
        )
