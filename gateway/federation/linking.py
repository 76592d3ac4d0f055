"""Reading `@link` and `@core` off a schema: which directive links at all, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from graphql import DirectiveDefinitionNode, DirectiveNode, print_ast, value_from_ast_untyped

from gateway.federation.links import Link, LinkError, Links
from gateway.federation.specifications import specification
from gateway.federation.vocabulary import CORE, FEDERATION, LINK, Version

__all__ = ["parse_link_url", "read_links"]

_VERSION = re.compile(r"v(\d+)\.(\d+)")
_ELEMENT = re.compile(r"@?[_A-Za-z][_0-9A-Za-z]*")
_LINKING = {LINK: ("link", "url"), CORE: ("core", "feature")}
"""By identity: the directive's default name, and its argument for the address."""


def read_links(
    applied: Sequence[DirectiveNode], definitions: Mapping[str, DirectiveDefinitionNode]
) -> Links | None:
    """The links of a schema whose definition and extensions carry ``applied``; None for one that links nothing.

    A schema links by the directive that links to its own specification, or by a plain ``@link`` to federation.
    What is linked need not be known, federation neither. Raises LinkError.
    """
    own = _linking_directive(applied, definitions)
    if own is not None:
        name, identity = own.name.value, _address(own)[1][0]
    elif any(_is_federation(d) for d in applied):
        name, identity = "link", LINK
    else:
        return None
    argument = _LINKING[identity][1]
    first = [_link(own, argument)] if own is not None else [Link(LINK, (1, 0), "link")]
    if specification(first[0].identity, first[0].version) is None:
        if any(_is_federation(d) for d in applied):
            told = f"Federation is linked by v1.0 of '{LINK}', and not by another."
            raise LinkError("INVALID_LINK_DIRECTIVE_USAGE", told, own)
        told = ".".join(map(str, first[0].version))
        raise LinkError("UNKNOWN_LINK_VERSION", f"Version {told} of '{identity}' is not known.", own)
    rest = [d for d in applied if d is not own and d.name.value == name]
    return Links(first + [_link(d, argument) for d in rest])


def parse_link_url(url: str) -> tuple[str, Version]:
    """Identity and version of an address such as ``https://specs.apollo.dev/link/v1.0``; raises ValueError."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        raise ValueError(f"'{url}' is no address of a specification")
    *path, last = parts.path.split("/")
    version = _VERSION.fullmatch(last)
    if version is None:
        raise ValueError(f"'{url}' does not end with a version such as v1.0")
    if not path or not path[-1]:
        raise ValueError(f"'{url}' does not name a specification")
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme.lower()}://{host}{'/'.join(path)}", (int(version[1]), int(version[2]))


def _linking_directive(
    applied: Sequence[DirectiveNode], definitions: Mapping[str, DirectiveDefinitionNode]
) -> DirectiveNode | None:
    """The application that links to the linking directive's own specification; there is one at most."""
    found = [d for d in applied if _links_itself(d, definitions.get(d.name.value))]
    if len(found) > 1:
        raise LinkError(
            "INVALID_LINK_DIRECTIVE_USAGE", "The specification of links is linked twice.", found[1]
        )
    return found[0] if found else None


def _links_itself(directive: DirectiveNode, definition: DirectiveDefinitionNode | None) -> bool:
    name = directive.name.value
    if definition is None and name != "link":
        return False
    if definition is not None and not _can_link(definition):
        return False
    try:
        given, (identity, _) = _address(directive)
    except ValueError:
        return False
    return identity in _LINKING and name == (given.get("as") or _LINKING[identity][0])


def _can_link(definition: DirectiveDefinitionNode) -> bool:
    types = {a.name.value: print_ast(a.type) for a in definition.arguments or ()}
    address = types.get("url", types.get("feature"))
    return (
        definition.repeatable
        and [location.value for location in definition.locations] == ["SCHEMA"]
        and types.get("as", "String") == "String"
        and address in {"String", "String!"}
    )


def _is_federation(directive: DirectiveNode) -> bool:
    url = _given(directive).get("url")
    return directive.name.value == "link" and isinstance(url, str) and url.startswith(FEDERATION)


def _address(directive: DirectiveNode) -> tuple[dict[str, Any], tuple[str, Version]]:
    given = _given(directive)
    url = given.get("url", given.get("feature"))
    if not isinstance(url, str):
        raise ValueError(f"@{directive.name.value} needs the address of a specification")
    return given, parse_link_url(url)


def _link(directive: DirectiveNode, argument: str) -> Link:
    given = _given(directive)
    url = given.get(argument)
    if not isinstance(url, str):
        told = f"@{directive.name.value} needs '{argument}', the address of a specification."
        raise LinkError("INVALID_LINK_DIRECTIVE_USAGE", told, directive)
    try:
        identity, version = parse_link_url(url)
    except ValueError as error:
        raise LinkError("INVALID_LINK_IDENTIFIER", f"{error}.", directive) from error
    known = specification(identity, version)
    imports: dict[str, str] = {}
    for name, local in _imports(given.get("import"), directive):
        if known is not None and name not in known.elements:
            raise _misused(directive, f"'{identity}' has no '{name}' in v{version[0]}.{version[1]}")
        if imports.setdefault(name, local) != local:
            raise _misused(directive, f"'{name}' is imported as '{imports[name]}' and as '{local}'")
    alias, purpose = given.get("as"), given.get("for")
    return Link(
        identity,
        version,
        alias if isinstance(alias, str) else identity.rpartition("/")[2],
        imports,
        purpose if isinstance(purpose, str) else None,
        directive,
    )


def _imports(given: Any, directive: DirectiveNode) -> Iterator[tuple[str, str]]:
    """Names there and here."""
    if given is not None and not isinstance(given, list):
        raise _misused(directive, f"imports are a list, not {given!r}")
    for element in given or ():
        if isinstance(element, str):
            yield element, element
            continue
        if not isinstance(element, dict) or not {"name"} <= element.keys() <= {"name", "as"}:
            raise _misused(directive, f"imports are names, or have a 'name' and an 'as', not {element!r}")
        name, local = (_element(element.get(k, element["name"]), directive) for k in ("name", "as"))
        if name.startswith("@") != local.startswith("@"):
            raise _misused(
                directive, f"'{name}' cannot be called '{local}': directives, and only they, have '@'"
            )
        yield name, local


def _element(text: Any, directive: DirectiveNode) -> str:
    if not isinstance(text, str) or not _ELEMENT.fullmatch(text):
        raise _misused(directive, f"{text!r} cannot be imported: it is no name")
    return text


def _misused(directive: DirectiveNode, message: str) -> LinkError:
    return LinkError("INVALID_LINK_DIRECTIVE_USAGE", f"@{directive.name.value}: {message}.", directive)


def _given(directive: DirectiveNode) -> dict[str, Any]:
    return {a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()}
