"""The values of a random world: a function of a seed, and misbehaving now and then.

Every object is a number; an attribute or a resolver's value follows from the seed, that number and the
field's name alone, so that two executions see the same world in whatever order they look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from tests.subgraphs.kit.execution.random.specs import Code, Colour, FieldSpec, TypeSpec

__all__ = ["Values", "at_its_pace", "number_of", "random_of", "some_ticks"]


def number_of(source: Any) -> int:
    return int(getattr(source, "n_", 0))


def random_of(context: Any, n: int, name: str) -> Random:
    return Random(f"{context.seed}/{n}/{name}")  # noqa: S311 # a world to test in


def ticks_of(context: Any, ticks: int) -> int:
    """How long something takes; at another pace, that long plus anything, and nothing else changes."""
    return ticks + context.pace.choice((0, 0, 1, 2, 4, 8, 16)) if context.pace else ticks


async def some_ticks(context: Any, ticks: int) -> None:
    """Let others go on meanwhile."""
    for _ in range(ticks_of(context, ticks)):
        await asyncio.sleep(0)


async def at_its_pace(context: Any, work: Awaitable[Any]) -> Any:
    """What comes of the work, some time later at another pace."""
    try:
        return await work
    finally:
        await some_ticks(context, 0)


class Values:
    """Values by the seed of the context, the number of the object and the name of the field."""

    def __init__(self) -> None:
        self.types: dict[str, TypeSpec] = {}
        self.unions: dict[str, list[str]] = {}
        self.fields: dict[str, FieldSpec] = {}

    def of(self, context: Any, n: int, name: str) -> Any:
        """The field's value; raises where the world wants it to."""
        random = random_of(context, n, name)
        if random.random() < context.trouble / 3:
            raise ValueError(f"{name} of {n} failed")
        wrapped = self.fields[name].type
        return self._value(context, random, wrapped.base, wrapped.nullable)

    def read(self, made: Any, name: str) -> Any:
        """An attribute of an object, the same one each time it is read."""
        if name not in self.fields:
            raise AttributeError(name)
        value = made.__dict__[name] = self.of(made.context_, made.n_, name)
        return value

    def loaded(self, context: Any, n: int, name: str) -> Any:
        """The same, with errors as a loader has them."""
        try:
            return self.of(context, n, name)
        except ValueError as error:
            return error

    def made(self, context: Any, type_name: str, n: int) -> Any:
        """The object of a type with this number."""
        spec = self.types[type_name]
        made = spec.cls.__new__(spec.cls)
        made.__dict__.update(n_=n, context_=context)
        return made

    def _value(self, context: Any, random: Random, base: str, nullable: tuple[bool, ...]) -> Any:
        if random.random() < (0.2 if nullable[0] else context.trouble / 2):
            return None
        if random.random() < context.trouble / 3:
            return self._strange(context, random, base)
        if len(nullable) == 1:
            return self._plain(context, random, base)
        items = [
            self._value(context, random, base, nullable[1:]) for _ in range(random.choice((0, 1, 2, 2, 3)))
        ]
        shape = random.random()
        if shape < context.trouble / 2:
            return iter(items)
        if shape < context.trouble:
            return tuple(items)
        if shape < context.trouble * 1.5:
            return [_Later(item, ticks_of(context, random.randrange(3))) for item in items]
        return items

    def _strange(self, context: Any, random: Random, base: str) -> Any:
        kind = random.randrange(6)
        if kind == 0:
            return ValueError("a returned error")
        if kind == 1:
            return _Nothing()
        if kind == 2:
            return SimpleNamespace(n_=1, name="foreign")
        if kind == 3:
            return _Later(self._plain(context, random, base), ticks_of(context, random.randrange(3)))
        if kind == 4:
            return [1, "two"]
        return random.choice(("text", 3.5, True, 2**40, float("inf"), "9"))

    def _plain(self, context: Any, random: Random, base: str) -> Any:
        makers: dict[str, Any] = {
            "int": lambda: random.randrange(1000),
            "str": lambda: f"text {random.randrange(1000)}",
            "float": lambda: random.random(),
            "bool": lambda: random.random() < 0.5,
            "id": lambda: str(random.randrange(1000)),
            "colour": lambda: random.choice(list(Colour)),
            "moment": lambda: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=random.randrange(1000)),
            "code": lambda: Code(f"c{random.randrange(100)}"),
        }
        if base in makers:
            return makers[base]()
        names = self.unions.get(base) or (
            [t.name for t in self.types.values() if t.is_node] if base == "Node" else [base]
        )
        if random.random() < context.trouble / 4:
            names = list(self.types)
        return self.made(context, random.choice(names), random.randrange(1, 10**6))


class _Nothing:
    """Of no use to any type, and told alike each time."""

    def __repr__(self) -> str:
        return "nothing"


class _Later:
    """To be awaited; not noticed where nobody does."""

    def __init__(self, value: Any, ticks: int) -> None:
        self._value = value
        self._ticks = ticks

    def __repr__(self) -> str:
        return "later"

    def __await__(self) -> Any:
        for _ in range(self._ticks):
            yield
        if isinstance(self._value, ValueError):
            raise self._value
        return self._value
