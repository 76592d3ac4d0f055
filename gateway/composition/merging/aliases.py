"""Names for specifications in the supergraph that nothing there can be taken for."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

__all__ = ["Aliases"]

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_FIRST = "_" + ascii_lowercase + ascii_uppercase
_NEXT = ascii_letters + digits


@dataclass(slots=True)
class Aliases:
    """Gives each specification its own name, or a made-up one where that would clash.

    ``imports`` are, by specification's identity, the directives imported from it: own names to names here.
    ``taken`` are all names of the graph.
    """

    names: Mapping[str, str]
    """By identity, what a specification is called when nothing clashes."""
    imports: Mapping[str, Mapping[str, str]]
    taken: set[str]
    used: set[str] = field(default_factory=lambda: {"link", "join"})
    _made: int = 0
    _prefix: str | None = None

    def alias(self, identity: str) -> str:
        """The name to link a specification by."""
        name = self.names[identity]
        alias = name if self._is_free(identity, name) else self._make(name)
        self.used.add(alias)
        return alias

    def _is_free(self, identity: str, alias: str) -> bool:
        if "__" in alias or alias.endswith("_") or not _NAME.fullmatch(alias) or alias in self.used:
            return False
        return not any(
            self._means_another(identity == other, alias, self.names[other], own, local)
            for other, imported in self.imports.items()
            for own, local in imported.items()
        )

    @staticmethod
    def _means_another(same: bool, alias: str, spec: str, own: str, local: str) -> bool:
        """Whether under this alias an imported directive's name would be that of another directive."""
        prefix, _, rest = local.partition("__")
        if rest and prefix == alias and not (same and rest == own):
            return True
        return local == alias and not (same and own == spec)

    def _make(self, name: str) -> str:
        if self._prefix is None:
            locals_ = (local for imported in self.imports.values() for local in imported.values())
            self._prefix = _unused_prefix({*self.taken, *self.names.values(), *locals_})
        made = f"{self._prefix}{self._made}{re.sub('[^a-zA-Z]', '', name)}"
        self._made += 1
        return made


def _unused_prefix(names: Iterable[str]) -> str:
    """The shortest text that no name begins with."""
    begun = {name[:length] for name in names for length in range(len(name) + 1)}
    queue = deque([""])
    while True:
        start = queue.popleft()
        for char in _NEXT if start else _FIRST:
            if start + char not in begun:
                return start + char
            queue.append(start + char)
