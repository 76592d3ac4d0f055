"""The demo's data may be added to a product that runs: who looked for it before, finds it afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from infra.local import LocalServers
from infra.subgraphs import load_domain
from subgraphs.kit.domain.demo import PEOPLE
from subgraphs.kit.graph.relay import to_global
from subgraphs.user.seed import seed_large
from tests.subgraphs.harness import open_harness, settings_for

_ADA, _BORIS = PEOPLE[0].id, PEOPLE[1].id


def _of(type_name: str, raw: UUID) -> Mapping[str, Any]:
    return {"representations": [{"__typename": type_name, "id": to_global(type_name, raw)}]}


def _entity(selection: str) -> str:
    return f"query ($representations: [_Any!]!) {{ _entities(representations: $representations) {{ {selection} }} }}"


# What a domain is asked before and after its seed.
_ASKED: Mapping[str, tuple[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "user": (f'{{ user(handle: "{PEOPLE[0].handle}") {{ id followerCount }} }}', {}),
        "content": (
            _entity("... on User { posts(first: 2) { edges { node { id } } } }"),
            _of("User", _ADA),
        ),
        "messaging": (_entity("... on User { viewerConversation { id unreadCount } }"), _of("User", _BORIS)),
        "collaboration": (
            _entity("... on User { publicDocuments(first: 2) { edges { node { id } } } }"),
            _of("User", _ADA),
        ),
        "shop": (
            '{ product(slug: "celadon-bowl") { id available } store(slug: "kiln-and-table") { id } }',
            {},
        ),
    }
)


@pytest.fixture(scope="module")
async def empty(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServers]:
    """Servers on which nothing was seeded yet."""
    async with await LocalServers.start(tmp_path_factory.mktemp("empty") / "home", sorted(_ASKED)) as servers:
        yield servers


@pytest.mark.parametrize("name", sorted(_ASKED))
async def test_what_was_looked_for_before_the_seed_is_found_after_it(
    name: str, tmp_path: Path, empty: LocalServers
) -> None:
    query, variables = _ASKED[name]
    domain = load_domain(name)
    settings = settings_for(empty.database_url(name), empty.redis_url, tmp_path)
    async with open_harness(domain, settings) as harness:
        before = await harness.ask(query, variables, _ADA)
        await domain.seed(harness.resources, "demo")
        after = await harness.ask(query, variables, _ADA)
        harness.resources.cache.reading = False
        assert before != after == await harness.ask(query, variables, _ADA)


async def test_so_is_somebody_of_the_large_set(tmp_path: Path, empty: LocalServers) -> None:
    domain, query = load_domain("user"), '{ user(handle: "PERSON199") { displayName } }'
    settings = settings_for(empty.database_url("user"), empty.redis_url, tmp_path)
    async with open_harness(domain, settings) as harness:
        before = await harness.ask(query)
        await seed_large(harness.resources, 200)
        after = await harness.ask(query)
    assert (before, after) == ({"user": None}, {"user": {"displayName": "Person 199"}})
