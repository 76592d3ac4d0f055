"""`@link` (https://specs.apollo.dev/link/v1.0): which specifications a schema uses, and by what names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import DirectiveNode

from gateway.federation.specifications import Specification, specification
from gateway.federation.vocabulary import FEDERATION, Version

__all__ = ["FEDERATION", "Link", "LinkError", "Links", "Source"]

_ALIAS = re.compile(r"[_A-Za-z][_0-9A-Za-z.\-]*")
_OLD_ALIASES = {("tag", "federation__tag"), ("inaccessible", "federation__inaccessible")}
"""What compositions of old wrote, and nothing can be taken for."""


class LinkError(Exception):
    """A link that cannot be followed; ``code`` is the composition's, ``node`` where it is written."""

    def __init__(self, code: str, message: str, node: DirectiveNode | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.node = node


class Source(NamedTuple):
    """Where a name comes from: a specification's identity, and what the name is there."""

    identity: str
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """One specification in use. ``imports`` is from its own names (directives with ``@``) to local ones."""

    identity: str
    version: Version
    alias: str
    imports: Mapping[str, str] = field(default_factory=dict)
    purpose: str | None = None
    node: DirectiveNode | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What the specification is called where it is not renamed."""
        return self.identity.rpartition("/")[2]

    @property
    def url(self) -> str:
        """The address with the version."""
        return f"{self.identity}/v{self.version[0]}.{self.version[1]}"

    @property
    def specification(self) -> Specification | None:
        """What is linked, if it is known."""
        return specification(self.identity, self.version)

    def local_name(self, directive: str) -> str:
        """What the specification's ``@directive`` is called here, without ``@``."""
        imported = self.imports.get(f"@{directive}")
        if imported is not None:
            return imported.removeprefix("@")
        return self.alias if directive == self.name else f"{self.alias}__{directive}"

    def local_type(self, name: str) -> str:
        """What the specification's type is called here."""
        return self.imports.get(name, f"{self.alias}__{name}")


class Links:
    """All links of a schema, no two of which can be taken for each other; iterated in their order."""

    def __init__(self, links: Iterable[Link] = ()) -> None:
        """Raises LinkError."""
        self._links: dict[str, Link] = {}
        self._aliases: dict[str, Link] = {}
        self._imported: dict[str, Source] = {}
        for link in links:
            self._add(link)

    def __iter__(self) -> Iterator[Link]:
        return iter(self._links.values())

    def get(self, identity: str) -> Link | None:
        """The link to a specification, if there is one."""
        return self._links.get(identity)

    def directive(self, local: str) -> Source | None:
        """What a directive's name here, without ``@``, stands for, if it is a specification's."""
        found = self._imported.get(f"@{local}")
        if found is not None:
            return found
        link, name = self._by_default(local)
        if link is None and local in self._aliases:
            link, name = self._aliases[local], self._aliases[local].name
        if link is None or f"@{name}" in link.imports:
            return None
        return Source(link.identity, name)

    def type(self, local: str) -> Source | None:
        """What a type's name here stands for, if it is a specification's."""
        found = self._imported.get(local)
        if found is not None:
            return found
        link, name = self._by_default(local)
        return None if link is None or name in link.imports else Source(link.identity, name)

    def shadowed(self, local: str) -> tuple[Link, str] | None:
        """Whose default name this is (with ``@`` for a directive), though it was imported by another name."""
        if local in self._imported:
            return None
        at, bare = ("@", local[1:]) if local.startswith("@") else ("", local)
        link, name = self._by_default(bare)
        if link is None and at and bare in self._aliases:
            link, name = self._aliases[bare], self._aliases[bare].name
        return (link, at + name) if link is not None and at + name in link.imports else None

    def _by_default(self, local: str) -> tuple[Link | None, str]:
        alias, _, name = local.partition("__")
        return (self._aliases.get(alias), name) if name else (None, "")

    def _add(self, link: Link) -> None:
        if link.identity in self._links:
            raise _unusable(link, f"'{link.identity}' is linked twice")
        self._check_alias(link)
        for imported, local in link.imports.items():
            self._check_import(link, imported, local)
        self._imported |= {
            local: Source(link.identity, i.removeprefix("@")) for i, local in link.imports.items()
        }
        self._aliases[link.alias] = link
        self._links[link.identity] = link

    def _check_alias(self, link: Link) -> None:
        alias = link.alias
        called = f"'{link.identity}' cannot be called '{alias}'"
        if "__" in alias and (link.imports or (link.name, alias) not in _OLD_ALIASES):
            raise _unusable(link, f"{called}: '__' parts names")
        if alias.endswith("_"):
            raise _unusable(link, f"{called}: it ends with '_'")
        if not _ALIAS.fullmatch(alias):
            raise _unusable(link, f"{called}: that is no name")
        if alias in self._aliases:
            raise _unusable(link, f"{called}: '{self._aliases[alias].identity}' is")
        for local, source in self._imported.items():
            if local == f"@{alias}" or local.removeprefix("@").startswith(f"{alias}__"):
                raise _unusable(link, f"{called}: '{local}' is imported from '{source.identity}'")

    def _check_import(self, link: Link, imported: str, local: str) -> None:
        told = f"'{imported}' of '{link.identity}' cannot be called '{local}'"
        name, bare = imported.removeprefix("@"), local.removeprefix("@")
        alias, _, rest = bare.partition("__")
        if rest and alias == link.alias and rest != name:
            raise _unusable(link, f"{told}: that is the name of its '{rest}'")
        if rest and alias != link.alias and alias in self._aliases:
            raise _unusable(link, f"{told}: that is a name of '{self._aliases[alias].identity}'")
        if imported.startswith("@") and bare == link.alias and name != link.name:
            raise _unusable(link, f"{told}: that is the name of its '@{link.name}'")
        if imported.startswith("@") and bare != link.alias and bare in self._aliases:
            raise _unusable(link, f"{told}: that is the name of '{self._aliases[bare].identity}'")
        if local in self._imported:
            raise _unusable(link, f"{told}: that is imported from '{self._imported[local].identity}'")
        if any(i != imported and other == local for i, other in link.imports.items()):
            raise _unusable(link, f"{told}: another of its elements is")


def _unusable(link: Link, message: str) -> LinkError:
    return LinkError("INVALID_LINK_DIRECTIVE_USAGE", f"{message}; rename with 'as'.", link.node)
