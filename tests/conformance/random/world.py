"""The data: every value follows from the object, the field and the arguments, and nothing else.

So a subgraph and the monolith give the same without sharing anything, and a value that depends on
others (``@requires``) tells whether they were the right ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, value_from_ast_untyped

from tests.conformance.random.model import Field, Graph, named, parse_fields

__all__ = ["Failure", "Obj", "World"]


class Failure(Exception):
    """What a resolver raises where the data says so."""


@dataclass(frozen=True)
class Obj:
    """An object, wherever it is met; ``above`` is the nearest that sets a context, where it matters."""

    type: str
    id: str
    above: Obj | None = field(default=None, compare=False)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


class World:
    """All objects of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.instances = {
            known.name: [Obj(known.name, f"{known.name}-{number}") for number in range(graph.count)]
            for known in graph.types.values()
            if known.kind == "object" and known.entity
        }
        self.mutations = 0

    def value(self, obj: Obj, field: Field, args: Mapping[str, Any], required: object = None) -> Any:
        """The field's value; ``required`` is what it depends on. Raises Failure."""
        if field.key:
            return self._key(obj, field)
        if field.owner == "Mutation":
            self.mutations += 1
            args = {**args, "turn": self.mutations}
        seed = _canonical([self.graph.seed, field.owner, obj.id, field.name, args, required])
        random = Random(hashlib.blake2b(seed.encode(), digest_size=8).digest())  # noqa: S311
        if field.flaky and random.random() < 0.25:
            raise Failure(f"{obj.type}.{field.name} failed")
        where = f"{obj.id}.{field.name}{'' if not args else _canonical(args)}"
        return self._make(field, field.type, random, where, never_null=field.never_null)

    def requirement(self, obj: Obj, field: Field) -> object:
        """What the field depends on, as it is in the whole graph."""
        text = field.requirement
        return self.project(obj, parse_fields(text)) if text else None

    def whole(self, obj: Obj, field: Field, args: Mapping[str, Any]) -> Any:
        """The value with all it depends on."""
        return self.value(obj, field, args, self.requirement(obj, field))

    def _key(self, obj: Obj, field: Field) -> Any:
        if field.name in ("id", "sku", "mark"):
            return obj.id if field.name == "id" else f"{field.name}/{obj.id}"
        number = int(obj.id.rsplit("-", 1)[1])
        match field.name:
            case "region":
                return number % 2
            case "code":
                return number // 2
            case "marks":
                return [obj.id, "mark"]
            case "ref":
                return Obj(named(field.type), f"{obj.id}.ref")
        return Obj(named(field.type), f"{named(field.type)}-{number}")

    def _make(self, field: Field, type_text: str, random: Random, where: str, *, never_null: bool) -> Any:
        if type_text.endswith("!"):
            type_text = type_text[:-1]
        elif not never_null and random.random() < 0.15:
            return None
        if type_text.startswith("["):
            return [
                self._make(field, type_text[1:-1], random, f"{where}[{index}]", never_null=False)
                for index in range(random.choice((0, 1, 2, 2, 3)))
            ]
        return self._one(field, type_text, random, where)

    def _one(self, field: Field, name: str, random: Random, where: str) -> Any:
        match name:
            case "String" | "ID":
                return f"{name[0].lower()}{random.randrange(1000)}"
            case "Int":
                return random.randrange(-50, 50)
            case "Float":
                return random.choice((1.0, 0.5, 1e21, -3.25))
            case "Boolean":
                return random.random() < 0.5
            case "Color":
                return random.choice(self.graph.enums["Color"])
            case "Blob":
                return random.choice((2**60, "text", {"b": [1, None], "a": {"x": 1.5}}, [True], 1.0))
            case "Query":
                return Obj("Query", "")
        target = random.choice(field.targets)
        if target in self.instances:
            return random.choice(self.instances[target])
        return Obj(target, where)

    def project(self, obj: Obj, selections: SelectionSetNode) -> dict[str, Any]:
        """The selected fields of an object."""
        found: dict[str, Any] = {}
        for selection in selections.selections:
            if isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                if condition is None or self._holds(obj.type, condition.name.value):
                    found.update(self.project(obj, selection.selection_set))
            elif isinstance(selection, FieldNode):
                name = selection.name.value
                field = self.graph.field_of(obj.type, name)
                args = self.arguments(field, selection)
                found[name] = self._down(self.whole(obj, field, args), selection.selection_set)
        return found

    def _down(self, value: Any, selections: SelectionSetNode | None) -> Any:
        if isinstance(value, list):
            return [self._down(item, selections) for item in value]
        if isinstance(value, Obj) and selections is not None:
            return self.project(value, selections)
        return value

    def _holds(self, name: str, condition: str) -> bool:
        return name in self.graph.possible(condition)

    @staticmethod
    def arguments(field: Field, node: FieldNode) -> dict[str, Any]:
        """The constant arguments of a required field, as a resolver would get them."""
        given = {one.name.value: value_from_ast_untyped(one.value) for one in node.arguments or ()}
        found = {}
        for one in field.args:
            if one.name in given:
                value = given[one.name]
                found[one.name] = {"least": 1, **value} if one.type == "Filter" else value
            elif one.default is not None:
                found[one.name] = int(one.default)
        return found
