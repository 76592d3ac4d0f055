"""The web app's own unit tests are part of every test."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "web"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node 20: https://nodejs.org")
async def test_the_unit_tests_of_the_web_app_pass() -> None:
    run = await asyncio.create_subprocess_exec(
        "npm", "test", "--silent", cwd=WEB, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await run.communicate()
    assert run.returncode == 0, output.decode()
