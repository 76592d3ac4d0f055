"""Where the compose command finds subgraphs: rover's ``supergraph.yaml``, and ``NAME=URL=FILE``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gateway.federation.vocabulary import HIGHEST_VERSION

__all__ = ["Source", "UnusableInput", "read_sources"]

_VERSION = re.compile(r"[12]|=?v?([12])\.(\d+)(?:\.\d+(?:-[\w.]+)?)?")
_ELSEWHERE = {"subgraph_url": "a running subgraph", "graphref": "a registry", "subgraph": "a registry"}


class UnusableInput(Exception):
    """What the command was given cannot be composed at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A subgraph's schema. ``place`` is what its text is called in messages: its file, as it was given."""

    name: str
    url: str
    sdl: str
    place: str


def read_sources(config: Path | None, options: Sequence[str]) -> list[Source]:
    """The subgraphs of a configuration file and of ``--subgraph`` options; raises UnusableInput."""
    found = _from_config(config) if config is not None else []
    found += [_from_option(text) for text in options]
    if not found:
        raise UnusableInput("nothing to compose: give CONFIG or --subgraph NAME=URL=FILE")
    names = [source.name for source in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UnusableInput(f"there are two subgraphs called '{twice}'; give each its own name")
    return found


def _from_config(path: Path) -> list[Source]:
    try:
        config = yaml.safe_load(_read(path))
    except yaml.YAMLError as error:
        raise UnusableInput(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(config, dict):
        raise UnusableInput(f"{path} has to be a mapping with 'subgraphs', as rover's supergraph.yaml")
    _check_version(path, config.get("federation_version"))
    subgraphs = config.get("subgraphs")
    if not isinstance(subgraphs, dict) or not subgraphs:
        raise UnusableInput(f"{path} has no 'subgraphs': give a mapping of names to routing_url and schema")
    return [_configured(path, str(name), entry) for name, entry in subgraphs.items()]


def _check_version(path: Path, given: Any) -> None:
    """Any version up to the highest known will do: what a composition needs, its subgraphs' links say."""
    if given is None:
        return
    found = _VERSION.fullmatch(str(given))
    if found is None:
        raise UnusableInput(f"{path}: federation_version is 1, 2 or such as =2.9.0, not {given!r}")
    if found[1] == "2" and int(found[2]) > HIGHEST_VERSION[1]:
        known = ".".join(map(str, HIGHEST_VERSION))
        raise UnusableInput(
            f"{path}: federation_version {given} is not known; {known} is the highest that is"
        )


def _configured(path: Path, name: str, entry: Any) -> Source:
    schema = entry.get("schema") if isinstance(entry, dict) else None
    if not isinstance(schema, dict):
        raise UnusableInput(f"{path}: the subgraph '{name}' needs a 'schema' with a 'file' or an 'sdl'")
    url = str(entry.get("routing_url") or "")
    sdl, file = schema.get("sdl"), schema.get("file")
    if isinstance(sdl, str):
        return Source(name, url, sdl, f"{path}({name})")
    if isinstance(file, str):
        place = path.parent / file
        return Source(name, url, _read(place), str(place))
    elsewhere = next((what for key, what in _ELSEWHERE.items() if key in schema), None)
    if elsewhere is not None:
        told = f"the schema of '{name}' would have to be fetched from {elsewhere}, which is not done here"
        raise UnusableInput(f"{path}: {told}; save it, and name it as 'file'")
    raise UnusableInput(f"{path}: the schema of '{name}' has neither a 'file' nor an 'sdl' that is text")


def _from_option(text: str) -> Source:
    name, _, rest = text.partition("=")
    url, _, file = rest.rpartition("=")
    if not name or not file:
        raise UnusableInput(f"--subgraph takes NAME=URL=FILE, and is {text!r}")
    return Source(name, url, _read(Path(file)), file)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UnusableInput(f"{path} is not text in UTF-8: {error.reason} at byte {error.start}") from error
