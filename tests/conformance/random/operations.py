"""Random operations, valid against a schema."""

from __future__ import annotations

from random import Random

from graphql import (
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_required_argument,
    parse,
    validate,
)

from tests.conformance.random.model import Wanted
from tests.conformance.random.shapes import LABELS

__all__ = ["random_operation"]

_Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
_LITERALS = {
    "Int": ("1", "4", "null"),
    "Color": ("RED", "BLUE"),
    "Filter": ("{}", "{ least: 4 }", '{ words: ["x", null], tint: RED }', "{ least: $number }"),
    "[ID!]": ("[]", '["p", "q"]', '"p"'),
}
_VARIABLES = {
    "yes": ("Boolean!", None),
    "no": ("Boolean!", None),
    "maybe": ("Boolean!", "true"),
    "number": ("Int", "5"),
    "tint": ("Color", None),
    "filter": ("Filter", None),
    "ids": ("[ID!]", None),
}


def random_operation(schema: GraphQLSchema, random: Random) -> Wanted:
    """A valid operation with values for its variables."""
    while True:
        made = _Writer(schema, random).operation()
        if not validate(schema, parse(made.text)):
            return made


class _Writer:
    def __init__(self, schema: GraphQLSchema, random: Random) -> None:
        self.schema = schema
        self.random = random
        self.used: set[str] = set()
        self.fragments: list[str] = []
        self.meanings: dict[tuple[str, ...], tuple[str, str]] = {}
        self.left = random.choice((8, 20, 40))

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def operation(self) -> Wanted:
        mutation = self.schema.mutation_type
        root = self.schema.query_type
        assert root is not None
        head = "query"
        if mutation is not None and self.chance(0.1):
            root, head = mutation, "mutation"
        body = self._selections(root, (), 0)
        used = sorted(self.used)
        declared = ", ".join(
            f"${name}: {_VARIABLES[name][0]}" + (f" = {default}" if (default := _VARIABLES[name][1]) else "")
            for name in used
        )
        name = " Op" if self.chance(0.5) else " "
        text = f"{head}{name}{f'({declared})' if declared else ''} {body}"
        values: dict[str, object] = {
            "yes": True,
            "no": False,
            "maybe": self.chance(0.5),
            "tint": "GREEN",
            "filter": {"words": ["w"]},
            "ids": ["v"],
        }
        optional = {"maybe", "number", "tint", "filter", "ids"}
        chosen = {key: values[key] for key in used if key in values}
        for key in list(chosen):
            if key in optional and self.chance(0.3):
                del chosen[key]
        labels = frozenset(label for label in LABELS if self.chance(0.5))
        return Wanted("\n".join([text, *self.fragments]), chosen, labels)

    def _selections(self, kind: _Composite, path: tuple[str, ...], depth: int) -> str:
        parts = []
        for _ in range(self.random.randint(1, 4 if depth < 4 else 2)):
            self.left -= 1
            parts.append(self._selection(kind, path, depth))
        return "{ " + " ".join(parts) + " }"

    def _selection(self, kind: _Composite, path: tuple[str, ...], depth: int) -> str:
        if self.chance(0.08):
            alias = self.random.choice(("", "", "kind: ", "id: "))
            if not self._means((*path, alias.strip(": ") or "__typename"), "__typename", ""):
                alias = ""
            return f"{alias}__typename{self._directives()}"
        if isinstance(kind, GraphQLUnionType) or self.chance(0.2):
            made = self._fragment(kind, path, depth)
            if made or isinstance(kind, GraphQLUnionType):
                return made or "__typename"
        assert not isinstance(kind, GraphQLUnionType)
        names = list(kind.fields)
        if self.left < 0 or depth > 6:
            names = [name for name in names if not is_composite_type(get_named_type(kind.fields[name].type))]
        if not names:
            return "__typename"
        return self._field(kind.fields, self.random.choice(names), path, depth)

    def _fragment(self, kind: _Composite, path: tuple[str, ...], depth: int) -> str:
        if depth > 7:
            return ""
        conditions: list[_Composite] = [kind]
        if not isinstance(kind, GraphQLObjectType):
            possible = self.schema.get_possible_types(kind)
            conditions.extend(possible * 2)
            conditions.extend(one for member in possible for one in member.interfaces)
        else:
            conditions.extend(kind.interfaces)
        condition = self.random.choice(conditions)
        directives = self._directives()
        if condition is kind and self.chance(0.5):
            return f"...{directives} {self._selections(kind, path, depth + 1)}"
        body = self._selections(condition, path, depth + 1)
        if self.chance(0.25):
            name = f"Part{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {condition.name} {body}")
            return f"...{name}{directives}"
        return f"... on {condition.name}{directives} {body}"

    def _means(self, key: tuple[str, ...], name: str, arguments: str) -> bool:
        return self.meanings.setdefault(key, (name, arguments)) == (name, arguments)

    def _field(self, fields: dict[str, GraphQLField], name: str, path: tuple[str, ...], depth: int) -> str:
        field = fields[name]
        arguments = self._arguments(field)
        key = name
        if self.chance(0.15):
            key = self.random.choice(["a", "b", "c", "id", "sku", *fields])
        while not self._means((*path, key), name, arguments):
            key = f"{key}{self.random.randrange(10)}"
        head = f"{key}: {name}" if key != name else name
        inner = get_named_type(field.type)
        body = ""
        if isinstance(inner, _Composite):
            body = " " + self._selections(inner, (*path, key), depth + 1)
        return f"{head}{arguments}{self._directives()}{body}"

    def _arguments(self, field: GraphQLField) -> str:
        given = []
        for name, argument in field.args.items():
            if is_required_argument(argument) or self.chance(0.5):
                given.append(f"{name}: {self._value(name, argument.type)}")
        return f"({', '.join(given)})" if given else ""

    def _value(self, name: str, kind: GraphQLInputType) -> str:
        text = str(kind)
        variable = {"size": "number", "tint": "tint", "filter": "filter", "ids": "ids"}[name]
        if self.chance(0.3) and not text.endswith("!"):
            self.used.add(variable)
            return f"${variable}"
        value = self.random.choice(
            [one for one in _LITERALS[text.rstrip("!")] if one != "null" or text[-1] != "!"]
        )
        if "$number" in value:
            self.used.add("number")
        return value

    def _directives(self) -> str:
        if not self.chance(0.12):
            return ""
        made = []
        for _ in range(self.random.choice((1, 1, 1, 2))):
            variable = self.random.choice(("yes", "no", "maybe", "true", "false"))
            if variable in _VARIABLES:
                self.used.add(variable)
                variable = f"${variable}"
            made.append((self.random.choice(("skip", "include")), variable))
        return "".join(f" @{name}(if: {value})" for name, value in dict(made).items())
