"""Each read of each domain has its index: on filled tables, PostgreSQL plans none of them as a walk through all rows."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from infra.domains import DOMAINS
from infra.local import LocalServers
from infra.subgraphs import load_domain
from subgraphs.kit.authorization.relations import Relations
from subgraphs.kit.database.migrations import upgrade
from subgraphs.kit.database.reads import Read
from subgraphs.kit.loading.paging import Listing, ListingByParent
from subgraphs.media.library import repository as library_repository
from tests.subgraphs.filled import fill
from tests.subgraphs.harness import METRICS

_ROWS = 10_000
_LARGE = _ROWS // 2

_MOSTLY = frozenset(("subgraphs.shop.repository._PUBLISHED",))
"""Lists of the newest of which nearly every row is shown: there a walk by id ends after a page."""


@pytest.fixture(scope="module")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServers]:
    """A cluster of its own, so that nobody else's tests become slow."""
    home = tmp_path_factory.mktemp("filled") / "home"
    async with await LocalServers.start(home, DOMAINS, valkey=False) as servers:
        for domain in map(load_domain, DOMAINS):
            await upgrade(domain.migrations, servers.database_url(domain.name))
            await fill(domain, servers.database_url(domain.name), _ROWS)
        yield servers


@pytest.mark.parametrize("name", DOMAINS)
async def test_no_read_walks_through_a_large_table(name: str, filled: LocalServers) -> None:
    async with _connected(filled, name) as connection:
        assert await _walking(connection, name) == {}


async def test_a_read_that_lost_its_index_is_noticed(filled: LocalServers) -> None:
    async with _connected(filled, "shop") as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("DROP INDEX products_slug")
        found = await _walking(connection, "shop")
        await transaction.rollback()
    assert found == {"subgraphs.shop.repository._PRODUCTS_BY_SLUG": ["products"]}


@asynccontextmanager
async def _connected(servers: LocalServers, domain: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(servers.database_url(domain).replace("+asyncpg", ""))
    try:
        # Of ten thousand rows a walk costs little; of the millions that they stand for, a page of an index costs as much.
        await connection.execute("SET random_page_cost = 1.1")
        await connection.execute("SET plan_cache_mode = force_generic_plan")  # as ``Connections`` has it
        yield connection
    finally:
        await connection.close()


async def _walking(connection: Any, domain: str) -> dict[str, list[str]]:
    found = [
        (where, await _walks(connection, read)) for where, read in _reads(domain) if where not in _MOSTLY
    ]
    return {where: walked for where, walked in found if walked}


def _reads(domain: str) -> Iterator[tuple[str, Read[Any]]]:
    """All that the domain's modules declare."""
    package = importlib.import_module(f"subgraphs.{domain}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in module.name:
            for name, value in vars(importlib.import_module(module.name)).items():
                yield from ((f"{module.name}.{name}", read) for read in _in(value))
    if domain == "media":
        for names in ((), ("visibility",), ("tag",), ("taken_from", "taken_until")):
            for value in (library_repository._library(*names), library_repository._buckets("MONTH", *names)):
                yield from ((f"library{names}", read) for read in _in(value))
    yield from (
        (f"{domain}.relations", read) for read in vars(_relations(domain)).values() if isinstance(read, Read)
    )


def _relations(domain: str) -> Relations:
    """Not to be asked: its statements depend on the domain's tables alone."""
    nobody: Any = SimpleNamespace(service=domain, tables=load_domain(domain).tables)
    return Relations(nobody, nobody, METRICS)


def _in(value: Any) -> Iterator[Read[Any]]:
    if isinstance(value, Read):
        yield value
    elif isinstance(value, Listing | ListingByParent):
        yield from value._reads.values()
    elif isinstance(value, dict):
        for one in value.values():
            yield from _in(one)


async def _walks(connection: Any, read: Read[Any]) -> list[str]:
    """The large tables that the read's plan, the same whatever it is given, goes through row by row."""
    await connection.execute(f"PREPARE reading AS {read.sql}")
    given = f"({', '.join(['NULL'] * len(read._names))})" if read._names else ""
    plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE reading{given}"))
    await connection.execute("DEALLOCATE reading")
    walked = [node["Relation Name"] for node in _nodes(plan[0]["Plan"]) if _is_walk(node)]
    return [table for table in walked if await _rows(connection, table) >= _LARGE]


def _is_walk(node: Mapping[str, Any]) -> bool:
    """Through all rows in the order of the table, or of their ids to find the newest that have something."""
    by_id = str(node.get("Index Name")).endswith("_pkey") and "Index Cond" not in node
    return node["Node Type"] == "Seq Scan" or by_id


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


async def _rows(connection: Any, table: str) -> float:
    return float(
        await connection.fetchval("SELECT reltuples FROM pg_class WHERE oid = $1::text::regclass", table)
    )
