"""Servers that the environment names, played by embedded ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from infra.errors import CommandError
from infra.external import check_object_store, check_redis, database_urls, prepare_databases
from infra.local import LocalServers
from infra.local.postgres import ADMINISTRATOR
from infra.servers import open_servers
from infra.settings import Settings


@pytest.fixture(scope="module")
async def external(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServers]:
    async with await LocalServers.start(tmp_path_factory.mktemp("external") / "home", ["scratch"]) as servers:
        yield servers


@pytest.fixture(scope="module")
def administrator_url(external: LocalServers) -> str:
    password = json.loads((external.home / "keys" / "postgres.json").read_text())[ADMINISTRATOR]
    url = make_url(external.database_url("scratch")).set(
        username=ADMINISTRATOR, password=password, database="main"
    )
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


async def _reload(administrator_url: str) -> None:
    parts = make_url(administrator_url)
    connection = await asyncpg.connect(
        host=parts.query["host"], user=parts.username, password=parts.password, database="postgres"
    )
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("postgresql://r:p@h:5433/main", "postgresql+asyncpg://r:p@h:5433/main_shop"),
        ("postgres://r:p@h/{domain}_db", "postgresql+asyncpg://r:p@h/shop_db"),
        ("postgresql+asyncpg://{domain}:p@h/x_{domain}", "postgresql+asyncpg://shop:p@h/x_shop"),
        ("postgresql://r@h/main?sslmode=require", "postgresql+asyncpg://r@h/main_shop?ssl=require"),
    ],
)
def test_each_domain_gets_its_own_database_name(template: str, url: str) -> None:
    assert database_urls(template, ["shop"]) == {"shop": url}


async def test_a_missing_database_is_made_where_the_role_may(administrator_url: str) -> None:
    urls = database_urls(administrator_url, ["shop", "user"])
    await prepare_databases(urls)
    await prepare_databases(urls)
    assert [make_url(url).database for url in urls.values()] == ["main_shop", "main_user"]


async def test_a_command_uses_both_named_servers(
    external: LocalServers, administrator_url: str, tmp_path: Path
) -> None:
    settings = Settings.from_environment(
        {
            "LETS_CONNECT_HOME": str(tmp_path / "home"),
            "LETS_CONNECT_DATABASE_URL": administrator_url,
            "LETS_CONNECT_REDIS_URL": external.redis_url,
        }
    )
    async with open_servers(settings, ["shop"]) as servers:
        assert dict(servers.database_urls) == database_urls(administrator_url, ["shop"])
        assert servers.redis_url == external.redis_url
    assert not (tmp_path / "home").exists()


async def test_a_named_cache_goes_with_the_embedded_database(external: LocalServers, tmp_path: Path) -> None:
    environment = {"LETS_CONNECT_HOME": str(tmp_path / "home"), "LETS_CONNECT_REDIS_URL": external.redis_url}
    async with open_servers(Settings.from_environment(environment), ["shop"]) as servers:
        assert (str(tmp_path / "home") in servers.database_urls["shop"], servers.redis_url) == (
            True,
            external.redis_url,
        )
    assert not (tmp_path / "home" / "valkey").exists()


async def test_a_role_that_is_refused_is_told_where_and_never_with_its_password() -> None:
    urls = database_urls("postgresql://role:hushhush@127.0.0.1:1/main", ["shop"])
    with pytest.raises(CommandError) as caught:
        await prepare_databases(urls)
    message = str(caught.value)
    assert message.startswith(
        "PostgreSQL at 127.0.0.1:1/main_shop (LETS_CONNECT_DATABASE_URL) does not let us in: "
    )
    assert message.endswith("start it, correct the URL, or unset it for the embedded one")
    assert ("hushhush" in message, "\n" in message) == (False, False)


async def test_a_role_that_may_not_make_its_database_is_told_the_statement(
    external: LocalServers, administrator_url: str
) -> None:
    access = external.home / "postgres" / "pg_hba.conf"
    kept = access.read_text()
    access.write_text("local all all scram-sha-256\n")
    try:
        await _reload(administrator_url)
        url = external.database_url("scratch")
        with pytest.raises(CommandError) as caught:
            await prepare_databases(database_urls(url, ["shop"]))
    finally:
        access.write_text(kept)
        await _reload(administrator_url)
    assert str(caught.value).endswith(
        'make it: CREATE DATABASE "lets_connect_scratch_shop" OWNER lets_connect_scratch'
    )


async def test_a_cache_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(CommandError) as caught:
        await check_redis("redis://:hushhush@127.0.0.1:1/0")
    message = str(caught.value)
    assert message.startswith("Redis at 127.0.0.1:1/0 (LETS_CONNECT_REDIS_URL) does not answer: ")
    assert ("hushhush" in message, "\n" in message) == (False, False)


async def test_an_object_store_that_does_not_answer_is_told_without_its_key() -> None:
    with pytest.raises(CommandError) as caught:
        await check_object_store("s3://key:hushhush@127.0.0.1:1/pictures")
    message = str(caught.value)
    assert message.startswith(
        "the object store 127.0.0.1:1/pictures: MaxRetryError (LETS_CONNECT_OBJECT_STORE_URL) cannot be used"
    )
    assert ("hushhush" in message, "\n" in message) == (False, False)


async def test_an_object_store_that_is_none_is_told_how_one_is_named() -> None:
    with pytest.raises(CommandError, match=r"LETS_CONNECT_OBJECT_STORE_URL: an S3 address reads s3://"):
        await check_object_store("s3://pictures")
