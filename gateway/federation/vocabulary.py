"""The specifications' definitions, version by version (https://specs.apollo.dev): data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "CORE",
    "FEDERATION",
    "FEDERATION_1_SDL",
    "FEDERATION_SDL",
    "HIGHEST_VERSION",
    "LINK",
    "LOWEST_VERSION",
    "SPECIFICATIONS",
    "UPGRADE_VERSION",
    "Linked",
    "Version",
]

Version: TypeAlias = tuple[int, int]
"""Major and minor."""

_SPECS = "https://specs.apollo.dev/"
FEDERATION = _SPECS + "federation"
LINK = _SPECS + "link"
CORE = _SPECS + "core"

LOWEST_VERSION: Version = (2, 0)
HIGHEST_VERSION: Version = (2, 14)
UPGRADE_VERSION: Version = (2, 4)
"""What a schema written for federation 1 is read as."""

_FIELD_SET = "scalar FieldSet"
_KEY = "directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"
_REQUIRES = "directive @requires(fields: FieldSet!) on FIELD_DEFINITION"
_PROVIDES = "directive @provides(fields: FieldSet!) on FIELD_DEFINITION"
_EXTERNAL = "directive @external(reason: String) on OBJECT | FIELD_DEFINITION"
_EXTENDS = "directive @extends on OBJECT | INTERFACE"
_MEMBERS_0_1 = "FIELD_DEFINITION | OBJECT | INTERFACE | UNION"
_MEMBERS = f"{_MEMBERS_0_1} | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
_TAG_0_1 = f"directive @tag(name: String!) repeatable on {_MEMBERS_0_1}"
_TAG_0_2 = f"directive @tag(name: String!) repeatable on {_MEMBERS}"
_TAG_0_3 = f"directive @tag(name: String!) repeatable on {_MEMBERS} | SCHEMA"
_INACCESSIBLE_0_1 = f"directive @inaccessible on {_MEMBERS_0_1}"
_INACCESSIBLE_0_2 = f"directive @inaccessible on {_MEMBERS}"
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
_AUTHENTICATED = f"directive @authenticated on {_GUARDED}"
_REQUIRES_SCOPES = f"scalar Scope directive @requiresScopes(scopes: [[Scope!]!]!) on {_GUARDED}"
_POLICY = f"scalar Policy directive @policy(policies: [[Policy!]!]!) on {_GUARDED}"
_CONTEXT = (
    "scalar ContextFieldValue "
    "directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION "
    "directive @fromContext(field: ContextFieldValue) on ARGUMENT_DEFINITION"
)
_COST = (
    "directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION "
    "| OBJECT | SCALAR "
    "directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], "
    "requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"
)

FEDERATION_1_SDL: tuple[str, ...] = (_FIELD_SET, _KEY, _REQUIRES, _PROVIDES, _EXTERNAL, _TAG_0_2, _EXTENDS)

FEDERATION_SDL: tuple[tuple[Version, str], ...] = (
    *(((2, 0), sdl) for sdl in FEDERATION_1_SDL),
    ((2, 0), "directive @shareable on OBJECT | FIELD_DEFINITION"),
    ((2, 0), _INACCESSIBLE_0_2),
    ((2, 0), "directive @override(from: String!) on FIELD_DEFINITION"),
    ((2, 1), "directive @composeDirective(name: String) repeatable on SCHEMA"),
    ((2, 2), "directive @shareable repeatable on OBJECT | FIELD_DEFINITION"),
    ((2, 3), "directive @interfaceObject on OBJECT"),
    ((2, 3), _TAG_0_3),
    ((2, 5), _AUTHENTICATED),
    ((2, 5), _REQUIRES_SCOPES),
    ((2, 6), _POLICY),
    ((2, 7), "directive @override(from: String!, label: String) on FIELD_DEFINITION"),
    ((2, 8), _CONTEXT),
    ((2, 9), _COST),
    ((2, 12), "directive @cacheTag(format: String!) repeatable on OBJECT | FIELD_DEFINITION"),
)
"""Each definition with the version since which it holds; the connectors' are left out."""


@dataclass(frozen=True, slots=True)
class Linked:
    """One version of a specification; ``federation`` is the version that one who links it needs at least."""

    sdl: tuple[str, ...]
    federation: Version | None = None


_LINK_TYPES = "scalar Import enum Purpose { SECURITY EXECUTION } "

SPECIFICATIONS: Mapping[tuple[str, Version], Linked] = {
    (CORE, (0, 1)): Linked(("directive @core(feature: String, as: String) repeatable on SCHEMA",)),
    (CORE, (0, 2)): Linked(
        (
            _LINK_TYPES,
            "directive @core(feature: String, as: String, for: Purpose) repeatable on SCHEMA",
        ),
        (2, 0),
    ),
    (LINK, (1, 0)): Linked(
        (
            _LINK_TYPES,
            "directive @link(url: String, as: String, for: Purpose, import: [Import]) repeatable on SCHEMA",
        ),
        (2, 0),
    ),
    (_SPECS + "tag", (0, 1)): Linked((_TAG_0_1,)),
    (_SPECS + "tag", (0, 2)): Linked((_TAG_0_2,)),
    (_SPECS + "tag", (0, 3)): Linked((_TAG_0_3,), (2, 0)),
    (_SPECS + "inaccessible", (0, 1)): Linked((_INACCESSIBLE_0_1,)),
    (_SPECS + "inaccessible", (0, 2)): Linked((_INACCESSIBLE_0_2,), (2, 0)),
    (_SPECS + "authenticated", (0, 1)): Linked((_AUTHENTICATED,), (2, 5)),
    (_SPECS + "requiresScopes", (0, 1)): Linked((_REQUIRES_SCOPES,)),
    (_SPECS + "policy", (0, 1)): Linked((_POLICY,)),
    (_SPECS + "context", (0, 1)): Linked((_CONTEXT,)),
    (_SPECS + "cost", (0, 1)): Linked((_COST,), (2, 9)),
}
