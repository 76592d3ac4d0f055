"""The definitions of the link and join specifications that a supergraph contains (https://specs.apollo.dev/join/)."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["join_definitions", "join_names"]

_HEAD = re.compile(r"(\w+) (@?\w+)")

_FIELD_ARGUMENTS = {
    "v0.3": "",
    "v0.4": ", overrideLabel: String",
    "v0.5": ", overrideLabel: String, contextArguments: [join__ContextArgument!]",
}
_ALWAYS = (
    "directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE",
    "directive @join__graph(name: String!, url: String!) on ENUM_VALUE",
    "directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE",
    (
        "directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, "
        "resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | "
        "UNION | ENUM | INPUT_OBJECT | SCALAR"
    ),
    "directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION",
    "directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA",
    "scalar join__FieldSet",
    "scalar link__Import",
    (
        'enum link__Purpose {\n  """\n  `SECURITY` features provide metadata necessary to securely resolve fields.\n'
        '  """\n  SECURITY\n\n  """\n  `EXECUTION` features provide metadata necessary for operation execution.\n'
        '  """\n  EXECUTION\n}'
    ),
)
_SINCE_0_4 = (
    (
        "directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) "
        "repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION"
    ),
    "scalar join__DirectiveArguments",
)
_SINCE_0_5 = (
    (
        "input join__ContextArgument {\n  name: String!\n  type: String!\n  context: String!\n"
        "  selection: join__FieldValue!\n}"
    ),
    "scalar join__FieldValue",
)


def join_definitions(version: str) -> list[str]:
    """All but ``join__Graph``, for ``v0.3``, ``v0.4`` or ``v0.5``."""
    field = (
        "directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, "
        "type: String, external: Boolean, override: String, usedOverridden: Boolean"
        f"{_FIELD_ARGUMENTS[version]}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION"
    )
    found = [field, *_ALWAYS]
    found += _SINCE_0_4 if version >= "v0.4" else ()
    found += _SINCE_0_5 if version >= "v0.5" else ()
    return found


def join_names(version: str) -> Mapping[str, str]:
    """What is defined in that version, ``join__Graph`` too: GraphQL's keyword by name, a directive's with ``@``."""
    heads = map(_HEAD.match, [*join_definitions(version), "enum join__Graph"])
    return {head[2]: head[1] for head in heads if head is not None}
