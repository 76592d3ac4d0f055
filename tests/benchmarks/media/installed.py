"""What is measured against, in the user's cache folder: sharp from npm, libvips from PyPI, photographs from Debian."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["RIVALS", "NotInstalled", "cached_photographs", "installed_libvips", "installed_sharp", "prepared"]

RIVALS = Path(__file__).parent / "rivals"
_PACKAGES = {
    "lomiri-wallpapers-16.04": (
        "Dragonfly_by_Bolly",
        "sunset_by_Aitzol_Berasategi",
        "picosdeeuropa_by_Aitzol_Berasategi",
        "life_by_Aitzol_Berasategi",
        "seeding_by_Clements_Engelhardt",
        "Bridge_by_Sander_Klootwijk",
        "aitzgorri_by_Aitzol_Berasategi",
        "Wine_by_Jakkub_Mede",
        "friends_by_Aitzol_Berasategi",
    ),
    "lomiri-wallpapers-20.04": ("Kleiber_by_Lukas_Baubkus",),
    "mate-backgrounds": ("LadyBird", "Dune"),
}
"""Debian's packages of free photographs, and the dozen of theirs that cameras took."""


class NotInstalled(Exception):
    """It cannot be had here; the message says why."""


def installed_sharp() -> Path:
    """A folder in which sharp can be imported."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotInstalled("there is no Node with npm (apt-get install nodejs npm)")
    files = [RIVALS / "package.json", RIVALS / "package-lock.json"]

    def fill(folder: Path) -> None:
        for file in (*files, RIVALS / "sharp.mjs"):
            shutil.copy(file, folder)
        _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    return _cached("sharp", [*files, RIVALS / "sharp.mjs"], fill)


def installed_libvips() -> Path:
    """The Python of an environment with libvips, numpy and Pillow."""

    def fill(folder: Path) -> None:
        _run([sys.executable, "-m", "venv", "environment"], folder)
        requirements = str(RIVALS / "requirements.txt")
        _run([str(folder / "environment/bin/pip"), "install", "-q", "-r", requirements], folder)

    return _cached("libvips", [RIVALS / "requirements.txt"], fill) / "environment/bin/python"


def cached_photographs() -> Path:
    """A dozen photographs, named so that their order is ours."""

    def fill(folder: Path) -> None:
        if shutil.which("apt-get") is None:
            raise NotInstalled("the photographs are in Debian's packages (or give a folder: --photographs)")
        _run(["apt-get", "download", *_PACKAGES], folder)
        for package in folder.glob("*.deb"):
            _run(["dpkg-deb", "-x", str(package), "unpacked"], folder)
        (folder / "photographs").mkdir(exist_ok=True)
        wanted = [name for names in _PACKAGES.values() for name in names]
        wanted.insert(3, wanted.pop(wanted.index("Kleiber_by_Lukas_Baubkus")))
        for at, name in enumerate(wanted):
            (found,) = (folder / "unpacked").rglob(f"{name}.jpg")
            shutil.copy(found, folder / "photographs" / f"{at:02}-{name}.jpg")
        shutil.rmtree(folder / "unpacked")

    return _cached("photographs", [Path(__file__)], fill) / "photographs"


def prepared(photographs: Path, python: Path) -> Path:
    """The four large pictures, and a dozen photographs clean and grainy."""

    def fill(folder: Path) -> None:
        _run([str(python), str(RIVALS / "prepare.py"), str(photographs), str(folder)], folder)

    return _cached("pictures", [RIVALS / "prepare.py", *sorted(photographs.iterdir())], fill)


def _cached(name: str, made_of: Sequence[Path], fill: Callable[[Path], None]) -> Path:
    """A folder of its own for each state of what it is made of, filled once."""
    digest = hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in made_of))
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "lets-connect" / f"images-{name}-{digest.hexdigest()[:12]}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fill(folder)
        (folder / "ready").touch()
    return folder


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(f"{command[0]}: {error}") from error
    if done.returncode:
        raise NotInstalled(f"{' '.join(command[:3])}: {done.stderr.strip()[-300:]}")
