"""A Chromium for Playwright: the one that scripts/chromium finds or installs."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

__all__ = ["FLAGS", "chromium"]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@functools.cache
def chromium() -> Path:
    """Its path. Raises where none is there and none could be installed, with what was said."""
    script = Path(__file__).parent.parent / "scripts" / "chromium"
    done = subprocess.run([script], stdout=subprocess.PIPE, text=True, check=True)
    return Path(done.stdout.strip())
