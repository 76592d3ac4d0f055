"""`@link` (https://specs.apollo.dev/link/v1.0): which specifications a schema uses, and by what names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DirectiveNode, value_from_ast_untyped

__all__ = ["FEDERATION", "Link", "federation_names", "read_links"]

FEDERATION = "https://specs.apollo.dev/federation"
_VERSION = re.compile(r"v(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Link:
    """One specification in use. ``imports`` is from its own names (directives with ``@``) to local ones."""

    identity: str
    version: tuple[int, int]
    alias: str
    imports: Mapping[str, str] = field(default_factory=dict)

    def local_name(self, directive: str) -> str:
        """What the specification's ``@directive`` is called here, without ``@``."""
        imported = self.imports.get(f"@{directive}")
        if imported is not None:
            return imported.removeprefix("@")
        return self.alias if directive == self.alias else f"{self.alias}__{directive}"


def read_links(directives: Iterable[DirectiveNode]) -> list[Link]:
    """The links of a schema definition or its extensions; raises ValueError on one that is malformed."""
    return [_link(d) for d in directives if d.name.value == "link"]


def federation_names(link: Link | None, directives: Iterable[str]) -> dict[str, str]:
    """From local names to federation's. Without a link, a federation 1 schema, every name is its own."""
    return {link.local_name(d) if link else d: d for d in directives}


def _link(directive: DirectiveNode) -> Link:
    given = {a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()}
    url = given.get("url")
    if not isinstance(url, str):
        raise ValueError("@link needs a url")
    identity, _, last = url.rstrip("/").rpartition("/")
    match = _VERSION.fullmatch(last)
    if match is None:
        identity, version = url.rstrip("/"), (0, 0)
    else:
        version = (int(match[1]), int(match[2]))
    alias = given.get("as") or identity.rpartition("/")[2]
    imports = dict(_import(i) for i in given.get("import") or ())
    return Link(identity, version, str(alias), imports)


def _import(given: Any) -> tuple[str, str]:
    if isinstance(given, str):
        return given, given
    if isinstance(given, dict) and isinstance(given.get("name"), str):
        name, alias = given["name"], given.get("as") or given["name"]
        if name.startswith("@") == str(alias).startswith("@"):
            return name, str(alias)
    raise ValueError(f"@link cannot import {given!r}")
