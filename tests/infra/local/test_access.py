"""Who is let into the embedded servers, and who is not."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from infra.local import LocalServers
from infra.local.postgres import ADMINISTRATOR


def _parts(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "user": parts.username or "",
        "password": parts.password or "",
        "database": parts.path.strip("/"),
        "host": parse_qs(parts.query)["host"][0],
    }


async def _enter(parts: dict[str, str], **changed: str | None) -> str:
    connection = await asyncpg.connect(**{**parts, **changed})
    try:
        return str(await connection.fetchval("SELECT current_user || '@' || current_database()"))
    finally:
        await connection.close()


async def test_a_role_enters_its_own_database(database_url: Callable[[str], str]) -> None:
    assert await _enter(_parts(database_url("shop"))) == "lets_connect_shop@lets_connect_shop"


@pytest.mark.parametrize("database", ["lets_connect_user", "postgres", "template1"])
async def test_a_role_enters_no_other_database(database_url: Callable[[str], str], database: str) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match=r"pg_hba\.conf rejects"):
        await _enter(_parts(database_url("shop")), database=database)


@pytest.mark.parametrize(
    ("user", "database"), [("lets_connect_user", "lets_connect_user"), (ADMINISTRATOR, "postgres")]
)
@pytest.mark.parametrize("password", ["", "wrong"])
async def test_without_the_password_nobody_enters(
    database_url: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    user: str,
    database: str,
    password: str,
) -> None:
    monkeypatch.setenv("PGPASSFILE", "/nowhere/pgpass")
    refused = (asyncpg.InvalidPasswordError, asyncpg.InterfaceError)
    with pytest.raises(refused):
        await _enter(_parts(database_url("user")), user=user, database=database, password=password or None)


async def test_even_without_the_access_file_public_has_no_right_to_a_database(servers: LocalServers) -> None:
    connection = await asyncpg.connect(**_parts(servers.database_url("shop")))
    try:
        rights = await connection.fetch(
            "SELECT datname FROM pg_database WHERE datname LIKE 'lets_connect%' "
            "AND (has_database_privilege(datname, 'CONNECT') OR has_database_privilege(datname, 'TEMP'))"
        )
    finally:
        await connection.close()
    assert [row["datname"] for row in rights] == ["lets_connect_shop"]


async def test_a_role_is_no_more_than_a_role(servers: LocalServers) -> None:
    connection = await asyncpg.connect(**_parts(servers.database_url("shop")))
    try:
        assert (
            tuple(
                await connection.fetchrow(
                    "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
                    "FROM pg_roles WHERE rolname = current_user"
                )
            )
            == (False,) * 5
        )
    finally:
        await connection.close()


async def test_writes_are_durable_and_nothing_listens_on_the_network(servers: LocalServers) -> None:
    connection = await asyncpg.connect(**_parts(servers.database_url("shop")))
    try:
        wanted = (
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "listen_addresses",
            "password_encryption",
        )
        found = {name: await connection.fetchval(f"SHOW {name}") for name in wanted}
    finally:
        await connection.close()
    assert found == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "password_encryption": "scram-sha-256",
    }


async def test_valkey_wants_its_password(redis_url: str) -> None:
    reader, writer = await asyncio.open_unix_connection(redis_url.split("@")[1])
    try:
        writer.write(b"PING\r\nAUTH wrong\r\n")
        answers = [await reader.readline(), await reader.readline()]
    finally:
        writer.close()
        await writer.wait_closed()
    assert [answer.split()[0] for answer in answers] == [b"-NOAUTH", b"-WRONGPASS"]


def test_what_is_secret_is_readable_by_its_owner_alone(servers: LocalServers) -> None:
    sockets = Path(_parts(servers.database_url("shop"))["host"])
    secret = [*(servers.home / "keys").iterdir(), servers.home / "valkey" / "valkey.conf"]
    private = [sockets, servers.home / "keys", servers.home / "postgres", servers.home / "valkey"]
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in secret} == {"0o600"}
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in private} == {"0o700"}
