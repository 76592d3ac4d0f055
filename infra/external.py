"""Servers that the environment names: their URLs in one form, and a clear line where they do not answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine

from infra.errors import Away, CommandError
from media_core.storage import StorageError, object_store

__all__ = ["check_object_store", "check_redis", "database_urls", "prepare_databases"]

_SECONDS = 10


def database_urls(template: str, domains: Sequence[str]) -> dict[str, str]:
    """The SQLAlchemy URL of each domain: ``{domain}`` replaced, or ``_DOMAIN`` after the database's name."""
    return {domain: _of_domain(template, domain).render_as_string(hide_password=False) for domain in domains}


async def prepare_databases(urls: dict[str, str]) -> None:
    """Connect to each, making it where it is missing and the role may. Raises Away, CommandError."""
    await asyncio.gather(*(_prepare(make_url(url)) for url in urls.values()))


async def check_redis(url: str) -> None:
    """Raise Away where it does not answer, CommandError where it will not have us."""
    try:
        client = Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
    except ValueError as error:
        raise CommandError(
            f"LETS_CONNECT_REDIS_URL: {error}; for example redis://:password@host:6379/0"
        ) from error
    async with client:
        try:
            await client.ping()
        except (OSError, RedisError) as error:
            raise _away(isinstance(error, AuthenticationError), "The cache does not answer.")(
                f"Redis at {_redis_place(client)} (LETS_CONNECT_REDIS_URL) does not answer: {_said(error)}; "
                "start it, correct the URL, or unset it for the embedded one"
            ) from error


async def check_object_store(address: str) -> None:
    """Raise Away where its bucket cannot be had, CommandError where the address is none."""
    try:
        store = object_store(address)
    except ValueError as error:
        raise CommandError(f"LETS_CONNECT_OBJECT_STORE_URL: {error}") from error
    try:
        await store.start()
    except StorageError as error:
        raise _away(False, "The object store does not answer.")(
            f"the {error} (LETS_CONNECT_OBJECT_STORE_URL) cannot be used; "
            "start it, correct the URL, or unset it for files under LETS_CONNECT_HOME"
        ) from error
    finally:
        await store.close()


def _of_domain(template: str, domain: str) -> URL:
    try:
        url = make_url(template.replace("{domain}", domain))
    except ArgumentError as error:
        raise CommandError(
            "LETS_CONNECT_DATABASE_URL is no URL; for example postgresql://user:password@host:5432/lets_connect"
        ) from error
    if not url.database:
        raise CommandError(
            "LETS_CONNECT_DATABASE_URL names no database; for example …/lets_connect or …/{domain}"
        )
    name = url.database if "{domain}" in template else f"{url.database}_{domain}"
    # libpq's word for it and asyncpg's.
    query = {("ssl" if key == "sslmode" else key): value for key, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", database=name, query=query)


async def _prepare(url: URL) -> None:
    try:
        await _connect(url)
    except asyncpg.InvalidCatalogNameError:
        await _create(url)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        refused = isinstance(error, asyncpg.InvalidAuthorizationSpecificationError)
        raise _away(refused, "The database does not answer.")(
            f"PostgreSQL at {_place(url)} (LETS_CONNECT_DATABASE_URL) does not let us in: {_said(error)}; "
            "start it, correct the URL, or unset it for the embedded one"
        ) from error


def _away(refused: bool, shown: str) -> Callable[[str], CommandError]:
    """A server that will not have us is a wrong setting; any other may be back."""
    return CommandError if refused else partial(Away, shown=shown)


async def _create(url: URL) -> None:
    assert url.database is not None  # noqa: S101
    quoted = '"' + url.database.replace('"', '""') + '"'
    try:
        await _connect(url.set(database="postgres"), f"CREATE DATABASE {quoted}")
    except asyncpg.DuplicateDatabaseError:
        return
    except (OSError, asyncpg.PostgresError) as error:
        raise CommandError(
            f"PostgreSQL at {_place(url)} has no such database, and {url.username or 'this role'} may not make it "
            f"({_said(error)}); make it: CREATE DATABASE {quoted} OWNER {url.username or 'its role'}"
        ) from error


async def _connect(url: URL, statement: str = "SELECT 1") -> None:
    engine = create_async_engine(url, connect_args={"timeout": _SECONDS}, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(statement)
    except Exception as error:
        raise _cause(error) from None
    finally:
        await engine.dispose()


def _cause(error: BaseException) -> BaseException:
    """What the driver said, without SQLAlchemy's wrapping."""
    seen: Any = error
    while seen is not None:
        if isinstance(seen, OSError | asyncpg.PostgresError | asyncpg.InterfaceError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return error


def _place(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}{f':{url.port}' if url.port else ''}/{url.database}"


def _redis_place(client: Redis) -> str:
    options = client.connection_pool.connection_kwargs
    with contextlib.suppress(KeyError):
        return str(options["path"])
    return f"{options.get('host', 'localhost')}:{options.get('port', 6379)}/{options.get('db', 0)}"


def _said(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
