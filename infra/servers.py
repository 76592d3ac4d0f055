"""Database and cache for a command: the embedded ones, or those the environment names."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from infra.domains import DOMAINS
from infra.external import check_object_store, check_redis, database_urls, prepare_databases
from infra.local import LocalServers
from infra.settings import Settings

__all__ = ["Servers", "open_servers"]


@dataclass(frozen=True, slots=True)
class Servers:
    """Where database and cache are. Each has answered."""

    database_urls: Mapping[str, str] = field(repr=False)
    """SQLAlchemy's URL by domain."""
    redis_url: str = field(repr=False)


@contextlib.asynccontextmanager
async def open_servers(
    settings: Settings, domains: Sequence[str] = DOMAINS, *, attach: bool = True, cache: bool = True
) -> AsyncIterator[Servers]:
    """Connect to what is named, start what is not; stop what was started. Raises Away, CommandError.

    With ``attach``, servers that another command runs in this HOME are used and left running. Without
    ``cache``, the database is all that is wanted.
    """
    external = await _external(settings, domains, cache)
    embedded = {"postgres": settings.database_url is None, "valkey": cache and settings.redis_url is None}
    if not any(embedded.values()):
        yield Servers(external, settings.redis_url or "")
        return
    start = LocalServers.open if attach else LocalServers.start
    async with await start(settings.home, domains, **embedded) as local:
        urls = (
            {domain: local.database_url(domain) for domain in domains} if embedded["postgres"] else external
        )
        yield Servers(urls, settings.redis_url or (local.redis_url if cache else ""))


async def _external(settings: Settings, domains: Sequence[str], cache: bool) -> dict[str, str]:
    settings.require("DATABASE_URL", *(("REDIS_URL",) if cache else ()))
    urls = database_urls(settings.database_url, domains) if settings.database_url else {}
    checks = [prepare_databases(urls)]
    if cache and settings.redis_url is not None:
        checks.append(check_redis(settings.redis_url))
    if cache and settings.object_store_url is not None and "media" in domains:
        checks.append(check_object_store(settings.object_store_url))
    await asyncio.gather(*checks)
    return urls
