"""A large graph for measuring: every subgraph has its own types and a share of entities that others have too."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["large_graph"]

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
    'import: ["@key", "@shareable", "@requires", "@external", "@provides", "@tag", "@inaccessible"])\n'
)


def large_graph(subgraphs: int, types: int) -> list[tuple[str, str, str]]:
    """``subgraphs`` texts of ``types`` types each: entities of its own, of others, values, inputs, enums."""
    return [
        (f"s{n}", f"http://s{n}", _LINK + "\n".join(_types(n, subgraphs, types))) for n in range(subgraphs)
    ]


def _types(number: int, subgraphs: int, types: int) -> Iterator[str]:
    roots = []
    for index in range(types - 3):
        kind = index % 10
        name = f"S{number}T{index}"
        if kind < 6:
            yield _entity(number, index, name, types)
            roots.append(f"{name.lower()}(id: ID!): {name}")
        elif kind == 6:
            owner = (number + index) % subgraphs
            yield (
                f'type S{owner}T{index - 6} @key(fields: "id") {{ id: ID! from{number}: String }}'
                if owner != number
                else (f"type {name}V {{ a: Int b: String }}")
            )
        elif kind == 7:
            yield f"enum {name}E {{ A B C }}\ninput {name}I {{ a: Int! b: [{name}E!] }}"
            roots.append(f"find{name}(by: {name}I!): [S{number}T0!]!")
        elif kind == 8:
            yield f"interface {name}N {{ id: ID! }}"
            roots.append(f"node{name}: {name}N")
        else:
            yield f'type {name}M implements S{number}T{index - 1}N {{ id: ID! a: Int @tag(name: "x") }}'
    yield "type Shared @shareable { x: Int y: String }"
    roots.append(f"shared{number}: Shared")
    yield "type Query {\n  " + "\n  ".join(roots) + "\n}"


def _entity(number: int, index: int, name: str, types: int) -> str:
    other = f"S{number}T{(index + 1) % 6}"
    fields = "\n".join(f"  f{n}(first: Int = 10): String" for n in range(6))
    return f'type {name} @key(fields: "id") {{\n  id: ID!\n{fields}\n  next: {other}\n  all: [{other}!]!\n}}'
