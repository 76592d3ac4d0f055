"""Small changes to subgraphs, of the kind that people make by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

__all__ = ["mutate"]

_Line = re.compile(r"^  \w")
_DIRECTIVES = (
    "@shareable", "@external", "@inaccessible", '@tag(name: "t")', '@override(from: "alpha")', "@deprecated",
    '@requires(fields: "id")', '@provides(fields: "id")', "@authenticated", '@requiresScopes(scopes: [["a"]])',
    '@override(from: "beta", label: "percent(10)")', "@cost(weight: 3)", "@listSize(assumedSize: 5)",
    '@policy(policies: [["p"]])', '@cacheTag(format: "x")', "@specifiedBy(url: \"u\")",
)  # fmt: skip
_ON_TYPES = (
    '@key(fields: "id")', '@key(fields: "sku")', "@shareable", "@inaccessible", "@external", "@interfaceObject",
    '@tag(name: "t")', '@key(fields: "id", resolvable: false)', "@extends", '@context(name: "c")', "@authenticated",
)  # fmt: skip
_TYPES = (
    "Int",
    "String",
    "ID!",
    "[Int]",
    "Value",
    "T0",
    "T1!",
    "[T0!]",
    "Node",
    "Level",
    "Filter",
    "Nothing",
)
_FIELD = re.compile(r"^(  \w+(?:\(.*?\))?: )(\[*\w+!?\]?!?\]?!?)(.*)$")


def mutate(rng: Random, subgraphs: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The set with one to three changes."""
    changed = list(subgraphs)
    for _ in range(rng.choice((1, 1, 2, 3))):
        index = rng.randrange(len(changed))
        name, url, sdl = changed[index]
        changed[index] = (name, url, rng.choice(_CHANGES)(rng, sdl))
    return changed


def _on_line(rng: Random, sdl: str, pattern: re.Pattern[str], change: Callable[[str], str]) -> str:
    lines = sdl.split("\n")
    found = [number for number, line in enumerate(lines) if pattern.search(line) and "@link" not in line]
    if not found:
        return sdl
    number = rng.choice(found)
    lines[number] = change(lines[number])
    return "\n".join(lines)


def _drop_directive(rng: Random, sdl: str) -> str:
    def change(line: str) -> str:
        found = list(re.finditer(r" @\w+(\([^)]*\))?", line))
        one = rng.choice(found)
        return line[: one.start()] + line[one.end() :]

    return _on_line(rng, sdl, re.compile(r" @\w"), change)


def _add_directive(rng: Random, sdl: str) -> str:
    return _on_line(rng, sdl, _Line, lambda line: f"{line} {rng.choice(_DIRECTIVES)}")


def _add_to_type(rng: Random, sdl: str) -> str:
    pattern = re.compile(r"^(type|interface) .*\{$")
    return _on_line(rng, sdl, pattern, lambda line: f"{line[:-1]}{rng.choice(_ON_TYPES)} {{")


def _change_type(rng: Random, sdl: str) -> str:
    return _on_line(rng, sdl, _FIELD, lambda line: _FIELD.sub(rf"\g<1>{rng.choice(_TYPES)}\g<3>", line))


def _nullability(rng: Random, sdl: str) -> str:
    def change(line: str) -> str:
        match = _FIELD.match(line)
        assert match is not None
        type_ = match[2][:-1] if match[2].endswith("!") else match[2] + "!"
        return f"{match[1]}{type_}{match[3]}"

    return _on_line(rng, sdl, _FIELD, change)


def _rename(rng: Random, sdl: str) -> str:
    return _on_line(rng, sdl, _Line, lambda line: line.replace(":", "X:", 1) if "(" not in line else line)


def _drop_line(rng: Random, sdl: str) -> str:
    return _on_line(rng, sdl, re.compile(r"^  \w|^(enum|union|input|scalar)"), lambda _: "")


def _extend(rng: Random, sdl: str) -> str:
    return _on_line(
        rng, sdl, re.compile(r"^(type|interface|enum|input|union) "), lambda line: f"extend {line}"
    )


def _add_field(rng: Random, sdl: str) -> str:
    names = ("id", "sku", "extra", "shared", "x", "title", "base")
    return _on_line(
        rng, sdl, re.compile(r"^(type|interface) .*\{$"),
        lambda line: f"{line}\n  {rng.choice(names)}: {rng.choice(_TYPES)} {rng.choice(_DIRECTIVES)}",
    )  # fmt: skip


def _add_argument(rng: Random, sdl: str) -> str:
    argument = rng.choice(("(n: Int)", "(n: Int!)", "(n: Int = 1)", '(n: String = "a")', "(level: Level)"))
    return _on_line(rng, sdl, re.compile(r"^  \w+: "), lambda line: line.replace(":", argument + ":", 1))


def _kind(rng: Random, sdl: str) -> str:
    return _on_line(rng, sdl, re.compile(r"^(type|interface) "), lambda line: (
        line.replace("type ", "interface ", 1) if line.startswith("type") else line.replace("interface ", "type ", 1)
    ))  # fmt: skip


def _version(rng: Random, sdl: str) -> str:
    version = f"federation/v2.{rng.choice((0, 1, 2, 3, 5, 7, 8, 9, 12, 14, 99))}"
    return re.sub(r"federation/v2\.\d+", version, sdl)


def _federation_1(rng: Random, sdl: str) -> str:
    return re.sub(r"^extend schema @link.*\n", "", sdl)


def _describe(rng: Random, sdl: str) -> str:
    return _on_line(rng, sdl, _Line, lambda line: f'  "{rng.choice("ab")}"\n{line}')


def _definition(rng: Random, sdl: str) -> str:
    more = (
        "scalar Extra", "type Unused { a: Int }", "enum Level { A B }", "union Any = T0", "input Filter { a: Int }",
        "directive @mine(n: Int) on FIELD", "directive @mine on FIELD | QUERY", "interface Node { id: ID! }",
        "directive @mine repeatable on FIELD_DEFINITION", "type Value { x: Int }", "type Subscription { s: Int }",
        "type Subscription { s: Int @shareable }", "type Mutation { both: Int }", "schema { query: Query }",
        "extend type Query { more: Int }", "type Media { id: ID! }", "scalar Date", "scalar FieldSet",
    )  # fmt: skip
    return f"{sdl}\n{rng.choice(more)}\n"


_CHANGES = (
    _drop_directive, _drop_directive, _add_directive, _add_directive, _add_to_type, _add_to_type, _change_type,
    _nullability, _rename, _drop_line, _drop_line, _extend, _add_field, _add_argument, _kind, _version,
    _federation_1, _federation_1, _describe, _definition, _definition,
)  # fmt: skip
