"""The specifications that schemas link to: which directives and types each version of each defines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from graphql import DirectiveDefinitionNode, EnumTypeDefinitionNode, ScalarTypeDefinitionNode, parse

from gateway.federation import vocabulary
from gateway.federation.vocabulary import Version

__all__ = ["FEDERATION_1", "FEDERATION_UPGRADE", "LINKS", "Specification", "specification"]


@dataclass(frozen=True, slots=True, eq=False)
class Specification:
    """One version of a specification; all names are its own."""

    identity: str
    version: Version
    directives: Mapping[str, DirectiveDefinitionNode] = field(default_factory=dict)
    scalars: frozenset[str] = frozenset()
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    federation: Version | None = None
    """The federation version that one who links it needs at least, if any."""

    @property
    def name(self) -> str:
        """What it is called where it is not renamed."""
        return self.identity.rpartition("/")[2]

    @property
    def elements(self) -> frozenset[str]:
        """What can be imported: types, and directives with their ``@``."""
        return frozenset({*(f"@{d}" for d in self.directives), *self.scalars, *self.enums})


@cache
def specification(identity: str, version: Version) -> Specification | None:
    """A specification by its identity and version; None for one that is not known."""
    if identity == vocabulary.FEDERATION:
        return _federation(version)
    found = vocabulary.SPECIFICATIONS.get((identity, version))
    return None if found is None else _read(identity, version, found.sdl, found.federation)


def _federation(version: Version) -> Specification | None:
    if not vocabulary.LOWEST_VERSION <= version <= vocabulary.HIGHEST_VERSION:
        return None
    known = [sdl for since, sdl in vocabulary.FEDERATION_SDL if since <= version]
    return _read(vocabulary.FEDERATION, version, known, None)


def _read(identity: str, version: Version, sdl: Iterable[str], federation: Version | None) -> Specification:
    """A later definition of a name takes the place of an earlier one."""
    text = "\n".join(sdl)
    definitions = parse(text, no_location=True).definitions if text.strip() else ()
    return Specification(
        identity,
        version,
        {d.name.value: d for d in definitions if isinstance(d, DirectiveDefinitionNode)},
        frozenset(d.name.value for d in definitions if isinstance(d, ScalarTypeDefinitionNode)),
        {
            d.name.value: tuple(v.name.value for v in d.values or ())
            for d in definitions
            if isinstance(d, EnumTypeDefinitionNode)
        },
        federation,
    )


def _known(identity: str, version: Version) -> Specification:
    found = specification(identity, version)
    if found is None:
        raise LookupError(f"{identity} v{version[0]}.{version[1]}")
    return found


FEDERATION_1 = _read(vocabulary.FEDERATION, (1, 0), vocabulary.FEDERATION_1_SDL, None)
"""What a schema without a link to federation has, under its own names but for ``_FieldSet``."""

FEDERATION_UPGRADE = _known(vocabulary.FEDERATION, vocabulary.UPGRADE_VERSION)
"""What such a schema is read as."""

LINKS = _known(vocabulary.LINK, (1, 0))
"""The specification of links themselves."""
