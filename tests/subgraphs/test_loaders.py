"""Whatever a domain, what one request has loaded is gone with the request: nothing of it waits for a collector of cycles."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from infra.domains import DOMAINS
from infra.subgraphs import load_domain
from tests.subgraphs.harness import open_harness, settings_for, sign


@pytest.mark.parametrize("name", DOMAINS)
async def test_a_requests_loaders_go_with_it(
    name: str, database_url: Callable[[str], str], redis_url: str, tmp_path: Path
) -> None:
    async with open_harness(
        load_domain(name), settings_for(database_url(name), redis_url, tmp_path)
    ) as harness:
        viewer = await harness.service.viewer({"authorization": sign(name, uuid4())})
        loaders = harness.service.runtime.loaders(viewer)
        gone = weakref.ref(loaders)
        gc.disable()
        try:
            del loaders
            assert gone() is None
        finally:
            gc.enable()
