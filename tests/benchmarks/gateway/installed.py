"""The npm packages of other gateways, in the user's cache folder, as the lock file here has them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

__all__ = ["NotInstalled", "installed_rivals"]

_HERE = Path(__file__).parent / "rivals"


class NotInstalled(Exception):
    """The packages cannot be had; the message says why."""


def installed_rivals() -> Path:
    """A folder with the packages and what starts them, filled where it is not. Raises NotInstalled."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotInstalled("there is no Node with npm (apt-get install nodejs npm)")
    lock = (_HERE / "package-lock.json").read_bytes()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "lets-connect" / f"gateways-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in _HERE.iterdir():
        shutil.copy(file, folder)
    if not (folder / "ready").exists():
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode:
            raise NotInstalled(f"npm ci in {folder}: {done.stderr.strip()[-300:]}")
        (folder / "ready").touch()
    return folder
