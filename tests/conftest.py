"""What every test may ask for: real servers, once for each worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from infra.domains import DOMAINS
from infra.local import LocalServers


@pytest.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServers]:
    """PostgreSQL with a database for each domain and one named scratch, and Valkey."""
    home: Path = tmp_path_factory.mktemp("servers") / "home"
    async with await LocalServers.start(home, [*DOMAINS, "scratch"]) as running:
        yield running


@pytest.fixture(scope="session")
def database_url(servers: LocalServers) -> Callable[[str], str]:
    """``database_url("user")``: SQLAlchemy's URL of that domain's own database."""
    return servers.database_url


@pytest.fixture(scope="session")
def redis_url(servers: LocalServers) -> str:
    """redis-py's URL."""
    return servers.redis_url
