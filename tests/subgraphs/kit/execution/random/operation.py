"""Random operations over a random world: aliases, fragments, conditions, arguments, repeated fields."""

from __future__ import annotations

import re
from random import Random

from tests.subgraphs.kit.execution.random.schema import World
from tests.subgraphs.kit.execution.random.specs import LEAVES, FieldSpec

__all__ = ["random_operation"]

VARIABLES = {"yes": "Boolean! = true", "no": "Boolean! = false", "n": "Int = 3", "words": "[String!]"}


def random_operation(random: Random, world: World, root: str, depth: int) -> str:
    """The text of one operation; valid, but for what the world says of its values."""
    selection = _Writer(random, world).selection(root, depth)
    used = [f"${name}: {type_}" for name, type_ in VARIABLES.items() if re.search(rf"\${name}\b", selection)]
    head = f"({', '.join(used)})" if used else ""
    return f"{root.lower()} Op{head} {{ {selection} }}"


class _Writer:
    def __init__(self, random: Random, world: World) -> None:
        self._random = random
        self._world = world
        self._aliases = 0

    def selection(self, type_name: str, depth: int) -> str:
        random, parts = self._random, []
        if random.random() < 0.3:
            parts.append("__typename")
        if type_name in self._world.types:
            fields = self._world.types[type_name].fields
            chosen = random.sample(fields, random.randint(1, len(fields)))
            parts += [self._field(field, depth) for field in chosen]
            if random.random() < 0.2:
                parts.append(f"... @include(if: ${random.choice(('yes', 'no'))}) {{ {self._again(fields)} }}")
        if type_name == "Node":
            parts.append("nodeName")
        parts += [
            f"... on {possible} {{ {self.selection(possible, depth)} }}"
            for possible in self._possible(type_name)
            if random.random() < 0.6
        ]
        random.shuffle(parts)
        return " ".join(parts) or "__typename"

    def _again(self, fields: list[FieldSpec]) -> str:
        leaves = [f.name for f in fields if f.type.base in LEAVES and f.source != "arguments"]
        return " ".join(leaves) or "__typename"

    def _possible(self, type_name: str) -> list[str]:
        if type_name == "Node":
            return [t.name for t in self._world.types.values() if t.is_node]
        return self._world.unions.get(type_name, [])

    def _field(self, field: FieldSpec, depth: int) -> str:
        random = self._random
        composite = field.type.base not in LEAVES
        if composite and depth == 0:
            return "__typename"
        head = field.name
        if composite or field.source == "arguments" or random.random() < 0.2:
            self._aliases += 1
            head = f"a{self._aliases}: {field.name}"
        if field.source == "arguments":
            head += random.choice(("", "(n: 2)", "(n: $n)", "(words: $words, n: $n)", '(words: ["a", "b"])'))
        if random.random() < 0.1:
            head += random.choice(
                (" @skip(if: $yes)", " @skip(if: $no)", " @include(if: $no)", " @include(if: true)")
            )
        return f"{head} {{ {self.selection(field.type.base, depth - 1)} }}" if composite else head
