"""A store of each kind."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from media_core.storage import DiskStore, ObjectStore, object_store
from tests.media_core.s3_server import ACCESS_KEY, SECRET_KEY, s3_server


@pytest.fixture(scope="session")
def s3_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``s3://KEY:SECRET@HOST`` of a real server."""
    with s3_server(tmp_path_factory.mktemp("s3")) as host:
        yield f"s3://{ACCESS_KEY}:{quote(SECRET_KEY, safe='')}@{host}"


@pytest.fixture(params=["disk", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    """A fresh, started store."""
    made: ObjectStore
    if request.param == "disk":
        made = DiskStore(tmp_path / "objects")
    else:
        made = object_store(f"{request.getfixturevalue('s3_address')}/bucket/{secrets.token_hex(4)}")
    await made.start()
    yield made
    await made.close()
