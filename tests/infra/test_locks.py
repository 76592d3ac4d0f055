"""The locks: exact, hashed, of every package that is asked for, and of no particular registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_LOCKS = sorted((_ROOT / "locks").glob("*.lock"))


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ;]", line)[0].lower().replace("_", "-") for line in requirements}


@pytest.mark.parametrize("lock", _LOCKS, ids=lambda path: path.name)
def test_each_package_has_one_version_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"\n(?=\w)", text.strip())
    assert [entry for entry in entries if not re.match(r"[\w.-]+==\S+.*\\\n +--hash=sha256:", entry)] == []
    assert re.findall(r"\w+://\S+", text) == []


def test_every_requirement_is_locked() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    locked = {lock.stem: _names(re.findall(r"^[\w.-]+==", lock.read_text(), re.MULTILINE)) for lock in _LOCKS}
    development = _names([*project["dependencies"], *extras["local"], *extras["dev"]])
    assert development - locked["dev"] == set()
    assert _names(project["dependencies"]) - locked["production"] == set()
    assert _names([*extras["local"], *extras["dev"], *extras["media-extra"]]) & locked["production"] == set()
    assert _names([*project["dependencies"], *extras["media-extra"]]) - locked["media-extra"] == set()
    assert _names([*extras["local"], *extras["dev"]]) & locked["media-extra"] == set()
    assert _names(extras["local"]) - locked["local"] == set()
    assert locked["production"] <= locked["local"] <= locked["dev"]
    assert locked["production"] <= locked["media-extra"] <= locked["dev"]
