"""What every test may ask for: real servers, once for each worker."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx import create_ssl_context
from httpx._config import DEFAULT_TIMEOUT_CONFIG as HTTPX_TIMEOUT
from hypothesis import settings

from infra.domains import DOMAINS
from infra.local import LocalServers
from media_core import Limits
from media_core.pool import child
from media_core.spec import DEFAULT
from subgraphs.kit.redis.link import RedisLink
from tests.debian import missing
from tests.logs import keep, kept
from tests.spread import Spread

# A law holds or it does not: how long an example takes depends on who else uses the machine.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")

# Nor is five seconds without an answer a fault on a busy machine: httpx's default, which no part of the product uses.
HTTPX_TIMEOUT.connect = HTTPX_TIMEOUT.read = HTTPX_TIMEOUT.write = HTTPX_TIMEOUT.pool = 60.0

# Nor a second of Redis, after which the product goes on without it. Who tries that says a time.
_redis_defaults = RedisLink.__init__.__kwdefaults__ or {}
assert _redis_defaults["timeout"] == 1.0
_redis_defaults["timeout"] = 60.0

# Nor twenty seconds of a process that makes pictures: it yields to all others. Processor time is bounded as ever.
child._START_SECONDS = 600.0
object.__setattr__(DEFAULT.limits, "wall_seconds", 600.0)
*_given, _ = Limits.__init__.__defaults__ or ()
Limits.__init__.__defaults__ = (*_given, 600.0)
assert Limits() == DEFAULT.limits == Limits(wall_seconds=600.0)

# For each client it reads the machine's certificates anew, 30 ms of them, though most speak no TLS: the same do for all.
httpx._transports.default.create_ssl_context = functools.cache(create_ssl_context)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServers]:
    """PostgreSQL with a database for each domain and one named scratch, and Valkey."""
    home: Path = tmp_path_factory.mktemp("servers") / "home"
    for name in ("postgres", "valkey"):
        keep(f"this worker's {name}", home / name / f"{name}.log")
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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread | None:
    """Where files are to stay together, some folders are."""
    return Spread(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that have slow tests come first: with what is left at the end all workers are busy until it."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


_BEGAN = pytest.StashKey[float]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Note when it begins, its fixtures included."""
    item.stash[_BEGAN] = time.time() - 1  # files are stamped by a clock that lags a little


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with what has failed what servers wrote meanwhile: the product's lines often say why."""
    report = yield
    if report.failed:
        report.sections += kept(item.stash[_BEGAN])
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a Debian package that is not there, and say how to get it."""
    for mark in item.iter_markers("debian"):
        if missing(*mark.args, **mark.kwargs):
            pytest.skip(f"needs a Debian package: apt-get install {mark.args[0]}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI is true, a test that was skipped has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("CI=true: a skipped test is a failure", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
