"""The SDL of each subgraph, with or without federation's directives, and of the whole graph."""

from __future__ import annotations

from collections.abc import Iterable

from tests.conformance.random.model import At, Field, Graph, Type, named

__all__ = ["monolith_sdl", "subgraph_sdl"]

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external",'
    ' "@requires", "@provides", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@context", "@fromContext"])'
)
_INPUTS = "input Filter { least: Int = 1 words: [String!] tint: Color }"


def subgraph_sdl(graph: Graph, sub: str, *, federated: bool = True) -> str:
    """What the subgraph says of itself; not ``federated`` is what it can execute."""
    parts = [_LINK] if federated else []
    parts.extend(_shared(graph))
    entities = []
    for known in graph.types.values():
        if sub not in known.subs:
            continue
        if known.kind == "union":
            parts.append(f"union {known.name} = {' | '.join(sorted(known.members[sub]))}")
            continue
        text = _composite(graph, known, sub, federated=federated)
        if known.subs[sub] and (known.kind == "object" or sub in known.interface_objects):
            entities.append(known.name)
        parts.append(text)
    if not federated and entities:
        parts.append("scalar _Any")
        parts.append(f"union _Entity = {' | '.join(entities)}")
        parts.append("extend type Query { _entities(representations: [_Any!]!): [_Entity]! }")
    return "\n".join(parts)


def _shared(graph: Graph) -> Iterable[str]:
    for name, values in graph.enums.items():
        yield f"enum {name} {{ {' '.join(values)} }}"
    yield "scalar Blob"
    yield _INPUTS


def _composite(graph: Graph, known: Type, sub: str, *, federated: bool) -> str:
    real_interface = known.kind == "interface" and sub not in known.interface_objects
    if real_interface:
        fields = [one for one in known.fields.values() if one.name in known.shown[sub]]
    else:
        fields = [one for one in known.fields.values() if sub in one.at]
    head = f"{'interface' if real_interface else 'type'} {known.name}"
    above = [
        one.name
        for one in graph.types.values()
        if one.kind == "interface" and known.name in one.members.get(sub, ())
    ]
    if above:
        head += f" implements {' & '.join(above)}"
    if federated:
        if sub in known.interface_objects:
            head += " @interfaceObject"
        if known.context_of == sub:
            head += ' @context(name: "holder")'
        for key in known.subs[sub]:
            off = "" if key.resolvable else ", resolvable: false"
            head += f' @key(fields: "{key.fields}"{off})'
    lines = []
    for field in fields:
        at = field.at.get(sub, At()) if not real_interface else At()
        taken = "above: String"
        if federated:
            taken += f' @fromContext(field: "$holder {{ {field.context} }}")'
        directives = _directives(field, at) if federated and not real_interface else ""
        lines.append(f"  {_field(field, at, taken)}{directives}")
    return head + " {\n" + "\n".join(lines) + "\n}"


def _field(field: Field, at: At, above: str = "") -> str:
    texts = [*map(str, field.args), *([above] if field.context and above else [])]
    args = f"({', '.join(texts)})" if texts else ""
    type_text = field.type
    if at.non_null and not type_text.endswith("!"):
        type_text += "!"
    return f"{field.name}{args}: {type_text}"


def _directives(field: Field, at: At) -> str:
    text = ""
    if at.external:
        text += " @external"
    elif at.shareable:
        text += " @shareable"
    if at.requires:
        text += f" @requires(fields: {_quoted(at.requires)})"
    if at.provides:
        text += f" @provides(fields: {_quoted(at.provides)})"
    if at.override:
        source, label = at.override
        text += f' @override(from: "{source}"' + (f', label: "{label}")' if label else ")")
    if field.inaccessible and not at.external:
        text += " @inaccessible"
    return text


def _quoted(text: str) -> str:
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


def monolith_sdl(graph: Graph) -> str:
    """The whole graph in one schema, without what clients may not see."""
    parts = list(_shared(graph))
    for known in graph.types.values():
        members = graph.possible(known.name)
        if known.kind == "union":
            parts.append(f"union {known.name} = {' | '.join(sorted(members))}")
            continue
        head = f"{known.kind if known.kind == 'interface' else 'type'} {known.name}"
        fields = {one.name: one for one in _visible(known)}
        if known.kind == "object":
            above = graph.interfaces_of(known.name)
            if above:
                head += f" implements {' & '.join(one.name for one in above)}"
            for interface in above:
                for field in _visible(interface):
                    fields.setdefault(field.name, field)
        lines = [f"  {_field(field, At())}" for field in fields.values()]
        parts.append(head + " {\n" + "\n".join(lines) + "\n}")
    return "\n".join(parts)


def _visible(known: Type) -> Iterable[Field]:
    for field in known.fields.values():
        if field.inaccessible:
            continue
        if known.kind == "interface":
            seen = any(field.name in shown for shown in known.shown.values()) or bool(field.resolvers())
        else:
            seen = bool(field.at)
        if seen and (named(field.type) not in ("Mutation",)):
            yield field
