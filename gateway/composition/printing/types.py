"""Types, with what each subgraph has of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.model.merged import JoinField, MergedType
from gateway.composition.model.subgraph import Definition
from gateway.composition.model.values import quoted
from gateway.composition.printing.text import (
    applied,
    argument_list,
    described,
    join_directive,
    line,
    written_argument,
)
from gateway.supergraph import ContextArgument

__all__ = ["print_type"]


def print_type(merged: MergedType, graphs: Mapping[str, str]) -> str:
    """A type's definition. ``graphs`` are the values of ``join__Graph`` by subgraph."""
    implements = f" implements {' & '.join(merged.interfaces)}" if merged.interfaces else ""
    head = f"{described(merged.description)}{merged.kind} {merged.name}{implements}"
    lines = [head, *(f"  {directive}" for directive in _directives(merged, graphs))]
    if merged.kind == "scalar":
        return "\n".join(lines)
    if merged.kind == "union":
        return "\n".join([*lines, f" = {' | '.join(merged.members)}"])
    return "\n".join([*lines, "{", *_children(merged, graphs), "}"])


def _directives(merged: MergedType, graphs: Mapping[str, str]) -> Iterator[str]:
    sources = [(graphs[s], d) for s, d in merged.sources.items()]
    for graph, definition in sources:
        for interface in definition.interfaces:
            yield f"@join__implements(graph: {graph}, interface: {quoted(interface)})"
    for graph, definition in sources:
        yield from _join_types(graph, definition)
    for graph, definition in sources:
        for member in definition.members:
            yield f"@join__unionMember(graph: {graph}, member: {quoted(member)})"
    yield from map(join_directive, merged.join_directives)
    yield from (applied([a])[1:] for a in merged.applied)


def _join_types(graph: str, definition: Definition) -> Iterator[str]:
    extra = ", isInterfaceObject: true" if definition.interface_object else ""
    if not definition.keys:
        yield f"@join__type(graph: {graph}{extra})"
    for key in definition.keys:
        extension = ", extension: true" if key.extension else ""
        resolvable = "" if key.resolvable else ", resolvable: false"
        yield f"@join__type(graph: {graph}, key: {quoted(key.fields)}{extension}{resolvable}{extra})"


def _children(merged: MergedType, graphs: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for field in merged.fields.values():
        text = f"{field.name}{argument_list(field.arguments.values())}: {field.type}{applied(field.applied)}"
        text += "".join(f" {join_directive(j)}" for j in field.join_directives)
        lines += line(field.description, text + "".join(map(_join_field, field.joins)), lines)
    for given in merged.inputs.values():
        text = written_argument(given) + "".join(map(_join_field, given.joins))
        lines += line(given.description, text, lines)
    for value in merged.values.values():
        joins = "".join(f" @join__enumValue(graph: {graphs[s]})" for s in value.subgraphs)
        lines += line(value.description, f"{value.name}{applied(value.applied)}{joins}", lines)
    return lines


def _join_field(join: JoinField) -> str:
    parts = [] if join.graph is None else [f"graph: {join.graph}"]
    texts = (("requires", join.requires), ("provides", join.provides), ("type", join.type))
    parts += [f"{name}: {quoted(value)}" for name, value in texts if value is not None]
    parts += ["external: true"] if join.external else []
    parts += [f"override: {quoted(join.override)}"] if join.override is not None else []
    parts += ["usedOverridden: true"] if join.used_overridden else []
    parts += [f"overrideLabel: {quoted(join.override_label)}"] if join.override_label is not None else []
    if join.context_arguments:
        parts.append(f"contextArguments: [{', '.join(map(_context, join.context_arguments))}]")
    return f" @join__field({', '.join(parts)})" if parts else " @join__field"


def _context(argument: ContextArgument) -> str:
    texts = (
        ("context", argument.context),
        ("name", argument.name),
        ("type", argument.type),
        ("selection", argument.selection),
    )
    return "{" + ", ".join(f"{name}: {quoted(value)}" for name, value in texts) + "}"
