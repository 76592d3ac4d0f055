"""The supergraph's SDL, in the join specification (https://specs.apollo.dev/join/)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graphql import DirectiveNode, NameNode, print_ast
from graphql.language.block_string import print_block_string

from gateway.composition.merged import MergedArgument, MergedField, MergedType
from gateway.composition.model import Applied, Field, Subgraph
from gateway.composition.typing import same
from gateway.federation.directives import join_version

__all__ = ["print_supergraph"]

_FIELD_ARGUMENTS = {
    "v0.3": "",
    "v0.4": ", overrideLabel: String",
    "v0.5": ", overrideLabel: String, contextArguments: [join__ContextArgument!]",
}
_TAG = (
    "directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | "
    "ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA"
)
_INACCESSIBLE = (
    "directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | "
    "SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)


def print_supergraph(subgraphs: Sequence[Subgraph], types: Mapping[str, MergedType]) -> str:
    """The whole document; the same for the same subgraphs in any order."""
    version = join_version(max(s.version for s in subgraphs))
    by_name = {s.name: s for s in subgraphs}
    body = [_type(types[name], by_name) for name in sorted(types)]
    used = "\n".join(body)
    parts = [
        _schema(types, version, used),
        *_directives(version, used),
        *_join_types(subgraphs, version),
        *body,
    ]
    return "\n\n".join(parts) + "\n"


def _schema(types: Mapping[str, MergedType], version: str, used: str) -> str:
    links = [
        '@link(url: "https://specs.apollo.dev/link/v1.0")',
        f'@link(url: "https://specs.apollo.dev/join/{version}", for: EXECUTION)',
    ]
    if "@tag(" in used:
        links.append('@link(url: "https://specs.apollo.dev/tag/v0.3")')
    if "@inaccessible" in used:
        links.append('@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)')
    roots = [f"  {r.lower()}: {r}" for r in ("Query", "Mutation", "Subscription") if r in types]
    return "\n".join(["schema", *(f"  {link}" for link in links), "{", *roots, "}"])


def _directives(version: str, used: str) -> list[str]:
    found = [
        (
            "directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) "
            "repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION"
        ),
        "directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE",
        (
            "directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, "
            "type: String, external: Boolean, override: String, usedOverridden: Boolean"
            f"{_FIELD_ARGUMENTS[version]}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION"
        ),
        "directive @join__graph(name: String!, url: String!) on ENUM_VALUE",
        "directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE",
        (
            "directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, "
            "resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | "
            "UNION | ENUM | INPUT_OBJECT | SCALAR"
        ),
        "directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION",
        "directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA",
    ]
    if "@inaccessible" in used:
        found.insert(0, _INACCESSIBLE)
    return [*found, _TAG] if "@tag(" in used else found


def _join_types(subgraphs: Sequence[Subgraph], version: str) -> list[str]:
    graphs = [f"  {s.graph} @join__graph(name: {_quoted(s.name)}, url: {_quoted(s.url)})" for s in subgraphs]
    found = [
        "scalar join__DirectiveArguments",
        "scalar join__FieldSet",
        "\n".join(["enum join__Graph {", *graphs, "}"]),
        "scalar link__Import",
        (
            'enum link__Purpose {\n  """\n  `SECURITY` features provide metadata necessary to securely resolve fields.\n'
            '  """\n  SECURITY\n\n  """\n  `EXECUTION` features provide metadata necessary for operation execution.\n'
            '  """\n  EXECUTION\n}'
        ),
    ]
    if version == "v0.5":
        context = (
            "input join__ContextArgument {\n  name: String!\n  type: String!\n  context: String!\n"
            "  selection: join__FieldValue!\n}"
        )
        found += [context, "scalar join__FieldValue"]
    return found


def _type(merged: MergedType, subgraphs: Mapping[str, Subgraph]) -> str:
    head = _described(merged.description) + f"{merged.kind} {merged.name}{_implements(merged)}"
    lines = [head, *(f"  {line}" for line in _joins(merged, subgraphs))]
    if merged.kind == "scalar":
        return "\n".join(lines)
    if merged.kind == "union":
        members = dict.fromkeys(m for d in merged.sources.values() for m in d.members)
        return "\n".join([*lines, f" = {' | '.join(members)}"])
    return "\n".join([*lines, "{", *_members(merged, subgraphs), "}"])


def _implements(merged: MergedType) -> str:
    interfaces = dict.fromkeys(i for d in merged.sources.values() for i in d.interfaces)
    return f" implements {' & '.join(interfaces)}" if interfaces else ""


def _joins(merged: MergedType, subgraphs: Mapping[str, Subgraph]) -> list[str]:
    sources = merged.graphs(subgraphs)
    lines = [
        f"@join__implements(graph: {g}, interface: {_quoted(i)})" for g, d in sources for i in d.interfaces
    ]
    for graph, definition in sources:
        extra = ", extension: true" if definition.extension else ""
        extra += ", isInterfaceObject: true" if definition.interface_object else ""
        keys = [
            f", key: {_quoted(k.fields)}" + ("" if k.resolvable else ", resolvable: false")
            for k in definition.keys
        ]
        lines += [f"@join__type(graph: {graph}{key}{extra})" for key in keys or [""]]
    lines += [f"@join__unionMember(graph: {g}, member: {_quoted(m)})" for g, d in sources for m in d.members]
    return [*lines, *map(_directive, merged.applied)]


def _members(merged: MergedType, subgraphs: Mapping[str, Subgraph]) -> list[str]:
    lines: list[str] = []
    for field in merged.fields:
        text = f"{field.name}{_arguments(field.arguments)}: {print_ast(field.type)}{_applied(field.applied)}"
        lines += _line(field.description, text + _field_joins(merged, field, subgraphs), lines)
    for given in merged.inputs:
        joins = _input_joins(merged, given, subgraphs)
        lines += _line(given.description, _argument(given) + joins, lines)
    for value in merged.values:
        graphs = "".join(f" @join__enumValue(graph: {subgraphs[s].graph})" for s in value.subgraphs)
        lines += _line(value.description, f"{value.name}{_applied(value.applied)}{graphs}", lines)
    return lines


def _field_joins(merged: MergedType, field: MergedField, subgraphs: Mapping[str, Subgraph]) -> str:
    """Nothing where every subgraph that has the type has the field, alike and plainly."""
    overridden = _overridden(field)
    everywhere = set(field.sources) == set(merged.sources)
    if everywhere and all(_is_plain(f, field) for f in field.sources.values()) and not overridden:
        return ""
    joins = []
    for subgraph, source in field.sources.items():
        parts = [f"graph: {subgraphs[subgraph].graph}"]
        if source.requires is not None:
            parts.append(f"requires: {_quoted(source.requires)}")
        if source.provides is not None:
            parts.append(f"provides: {_quoted(source.provides)}")
        if not same(source.type, field.type):
            parts.append(f"type: {_quoted(print_ast(source.type))}")
        if source.external:
            parts.append("external: true")
        if source.override is not None:
            parts.append(f"override: {_quoted(source.override)}")
        if subgraph in overridden:
            label = overridden[subgraph]
            if label is None and not _is_needed(field.name, merged, subgraph):
                continue
            parts += ["usedOverridden: true"] if label is None else [f"overrideLabel: {_quoted(label)}"]
        elif source.override_label is not None:
            parts.append(f"overrideLabel: {_quoted(source.override_label)}")
        joins.append(f" @join__field({', '.join(parts)})")
    return "".join(joins)


def _overridden(field: MergedField) -> dict[str, str | None]:
    """The subgraphs whose field another one overrides, with the label if there is one."""
    return {
        f.override: f.override_label
        for f in field.sources.values()
        if f.override and f.override in field.sources
    }


def _is_needed(name: str, merged: MergedType, subgraph: str) -> bool:
    """Whether an overridden field is still used where it stands: as part of a key."""
    return any(name in key.fields.split() for key in merged.sources[subgraph].keys)


def _is_plain(source: Field, field: MergedField) -> bool:
    marks = (source.requires, source.provides, source.override)
    return not source.external and marks == (None, None, None) and same(source.type, field.type)


def _input_joins(merged: MergedType, given: MergedArgument, subgraphs: Mapping[str, Subgraph]) -> str:
    if set(given.sources) == set(merged.sources) and all(same(t, given.type) for t in given.sources.values()):
        return ""
    return "".join(
        f" @join__field(graph: {subgraphs[s].graph}"
        + ("" if same(t, given.type) else f", type: {_quoted(print_ast(t))}")
        + ")"
        for s, t in given.sources.items()
    )


def _arguments(arguments: Sequence[MergedArgument]) -> str:
    if not arguments:
        return ""
    if any(a.description for a in arguments):
        inner: list[str] = []
        for argument in arguments:
            inner += _line(argument.description, _argument(argument), inner, indent="    ")
        return "\n".join(["(", *inner, "  )"])
    return f"({', '.join(map(_argument, arguments))})"


def _argument(argument: MergedArgument) -> str:
    default = f" = {print_ast(argument.default)}" if argument.default is not None else ""
    return f"{argument.name}: {print_ast(argument.type)}{default}{_applied(argument.applied)}"


def _applied(directives: Iterable[Applied]) -> str:
    return "".join(f" {_directive(d)}" for d in directives)


def _directive(applied: Applied) -> str:
    return print_ast(DirectiveNode(name=NameNode(value=applied.name), arguments=applied.node.arguments))


def _line(description: str | None, text: str, before: Sequence[str], indent: str = "  ") -> list[str]:
    if not description:
        return [indent + text]
    told = [indent + line if line else line for line in print_block_string(description).split("\n")]
    return [*([""] if before else []), *told, indent + text]


def _described(description: str | None) -> str:
    return f"{print_block_string(description)}\n" if description else ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
