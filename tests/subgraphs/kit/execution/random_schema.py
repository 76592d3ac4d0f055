"""Random schemas of Strawberry types whose values are a function of a seed, and misbehave now and then.

Every object is a number; an attribute or a resolver's value follows from the seed, that number and the
field's name alone, so that two executions see the same world in whatever order they look.
"""

from __future__ import annotations

import asyncio
import functools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from random import Random
from types import SimpleNamespace
from typing import Annotated, Any

import strawberry
from graphql import GraphQLError
from strawberry.dataloader import DataLoader
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.resolver_times import ResolverTimes

__all__ = ["FieldSpec", "Told", "TypeSpec", "World", "make_world"]

LEAVES = ("int", "str", "float", "bool", "id", "colour", "moment", "code")
SOURCES = ("attribute",) * 6 + (
    "resolver",
    "resolver with info",
    "async",
    "async with info",
    "loader",
    "returned future",
    "arguments",
    "permission",
    "late permission",
    "permitted attribute",
    "extension",
    "late extension",
)


@strawberry.enum
class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Code(str):
    """A scalar of the schema's own."""


@dataclass(frozen=True)
class Wrapped:
    """``base`` inside lists; a flag for each level, outermost first, says whether it may be null."""

    base: str
    nullable: tuple[bool, ...]


@dataclass(frozen=True)
class FieldSpec:
    name: str
    type: Wrapped
    source: str


@dataclass
class TypeSpec:
    name: str
    fields: list[FieldSpec]
    is_node: bool
    cls: Any = None


@dataclass
class Told:
    """What one execution did besides answering."""

    batches: list[list[int]] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    timed: Counter[tuple[str, ...]] = field(default_factory=Counter)


@dataclass
class World:
    """A schema, what it was made from, and the context of one execution."""

    schema: strawberry.Schema
    types: dict[str, TypeSpec]
    unions: dict[str, list[str]]
    values: Values
    times: ResolverTimes | None = None
    """Where its resolvers are timed."""

    def context(self, seed: int, trouble: float) -> tuple[SimpleNamespace, Told]:
        """A fresh context under the same seed."""
        told = Told()

        async def load(keys: list[tuple[int, str]]) -> list[Any]:
            told.batches.append(sorted(n for n, _ in keys))
            await asyncio.sleep(0)
            return [self.values.loaded(context, n, name) for n, name in keys]

        context = SimpleNamespace(seed=seed, trouble=trouble, told=told)
        context.loader = DataLoader(load)
        return context, told


class Allowed(BasePermission):
    message = "Not allowed."

    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        return _random(info.context, _number(source), f"may {info.field_name}").random() > 0.3


class AllowedLater(Allowed):
    async def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().has_permission(source, info, **kwargs)


class Passing(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return await next_(source, info, **kwargs)


class PassingLater(FieldExtension):
    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(0)
        return await next_(source, info, **kwargs)


def _number(source: Any) -> int:
    return int(getattr(source, "n_", 0))


def _random(context: Any, n: int, name: str) -> Random:
    return Random(f"{context.seed}/{n}/{name}")  # noqa: S311 # a world to test in


class Values:
    """Values by the seed of the context, the number of the object and the name of the field."""

    def __init__(self) -> None:
        self.types: dict[str, TypeSpec] = {}
        self.unions: dict[str, list[str]] = {}
        self.fields: dict[str, FieldSpec] = {}

    def of(self, context: Any, n: int, name: str) -> Any:
        """The field's value; raises where the world wants it to."""
        random = _random(context, n, name)
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
            return [_later(item, random.randrange(3)) for item in items]
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
            return _later(self._plain(context, random, base), random.randrange(3))
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


def _later(value: Any, ticks: int) -> _Later:
    return _Later(value, ticks)


class _Quiet(strawberry.Schema):
    """Logs no errors: whoever captures logs would keep what is abandoned alive, by the errors' frames."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        return None


def make_world(random: Random, types: int, fields: int) -> World:
    """A schema with that many object types and at most that many fields each."""
    values = Values()
    names = [f"T{i}" for i in range(types)]
    values.unions = {"U": sorted(random.sample(names, min(2, types)))}
    specs = {
        name: TypeSpec(
            name, _fields(random, name, names, fields), is_node=random.random() < 0.5 or name == "T0"
        )
        for name in names
    }
    root = TypeSpec("Query", _fields(random, "Query", names, fields + 1), is_node=False)
    change = TypeSpec("Mutation", _fields(random, "Mutation", names, 2), is_node=False)
    values.types = specs
    values.fields = {f.name: f for s in (*specs.values(), root, change) for f in s.fields}
    values.fields["nodeName"] = FieldSpec("nodeName", Wrapped("str", (False,)), "attribute")
    namespace = _Namespace(values, random)
    schema = _Quiet(
        query=namespace.make(root),
        mutation=namespace.make(change),
        types=[namespace.classes[name] for name in names],
        config=StrawberryConfig(
            auto_camel_case=False, scalar_map={Code: strawberry.scalar(name="Code", serialize=str)}
        ),
    )
    return World(schema, {**specs, "Query": root, "Mutation": change}, values.unions, values)


def _fields(random: Random, owner: str, names: list[str], most: int) -> list[FieldSpec]:
    found = []
    for i in range(random.randint(2, max(2, most))):
        base = random.choice((*LEAVES, *names, *names, "Node", "U")) if i else random.choice(LEAVES)
        if owner in {"Query", "Mutation"}:
            base = random.choice((*names, *names, "Node", "U", random.choice(LEAVES)))
        depth = random.choice((0, 0, 0, 1, 1, 2))
        nullable = tuple(random.random() < 0.4 for _ in range(depth + 1))
        found.append(FieldSpec(f"{owner.lower()}_{i}", Wrapped(base, nullable), random.choice(SOURCES)))
    return found


class _Namespace:
    """Makes the Strawberry classes of the specifications."""

    def __init__(self, values: Values, random: Random) -> None:
        self.values = values
        self.classes: dict[str, Any] = {}
        self._node = strawberry.interface(type("Node", (), {"__annotations__": {"nodeName": str}}))
        for spec in values.types.values():
            bases = (self._node,) if spec.is_node else ()
            spec.cls = self.classes[spec.name] = type(
                spec.name, bases, {"__getattr__": lambda made, name: values.read(made, name)}
            )
        for spec in values.types.values():
            self._finish(spec, spec.cls)

    def make(self, spec: TypeSpec) -> Any:
        """A root type."""
        spec.cls = type(spec.name, (), {})
        return self._finish(spec, spec.cls)

    def _finish(self, spec: TypeSpec, cls: Any) -> Any:
        cls.__annotations__ = {}
        for f in spec.fields:
            annotation = self._annotation(f.type.base, f.type.nullable)
            if f.source == "attribute" and spec.name not in {"Query", "Mutation"}:
                cls.__annotations__[f.name] = annotation
            else:
                setattr(cls, f.name, self._field(f, annotation))
                if f.source == "permitted attribute" and spec.name not in {"Query", "Mutation"}:
                    cls.__annotations__[f.name] = annotation
        return strawberry.type(cls)

    def _annotation(self, base: str, nullable: tuple[bool, ...]) -> Any:
        if len(nullable) > 1:
            inner: Any = list[self._annotation(base, nullable[1:])]  # type: ignore[misc]
        else:
            inner = self._base(base)
        return inner | None if nullable[0] else inner

    def _base(self, base: str) -> Any:
        leaves: dict[str, Any] = {
            "int": int,
            "str": str,
            "float": float,
            "bool": bool,
            "id": strawberry.ID,
            "colour": Colour,
            "moment": datetime,
            "code": Code,
            "Node": self._node,
        }
        if base in leaves:
            return leaves[base]
        if base in self.values.unions:
            members: Any = functools.reduce(
                lambda a, b: a | b, [self.classes[m] for m in self.values.unions[base]]
            )
            return Annotated[members, strawberry.union(base)]
        return self.classes[base]

    def _field(self, f: FieldSpec, annotation: Any) -> Any:
        values, name = self.values, f.name

        def value(source: Any, info: Any) -> Any:
            info.context.told.calls.append((name, _number(source)))
            return values.of(info.context, _number(source), name)

        def plain(root: Any, info: strawberry.Info) -> Any:
            return value(root, info)

        def bare(self: Any) -> Any:
            return value(self, SimpleNamespace(context=self.context_))

        async def late(root: Any, info: strawberry.Info) -> Any:
            info.context.told.calls.append((name, _number(root)))
            for _ in range(_random(info.context, _number(root), f"ticks {name}").randrange(3)):
                await asyncio.sleep(0)
            return values.of(info.context, _number(root), name)

        async def loaded(root: Any, info: strawberry.Info) -> Any:
            return await info.context.loader.load((_number(root), name))

        def future(root: Any, info: strawberry.Info) -> Any:
            return info.context.loader.load((_number(root), name))

        def argued(root: Any, info: strawberry.Info, words: list[str] | None = None, n: int = 1) -> Any:
            info.context.told.calls.append((name, _number(root), n, words))
            return values.of(info.context, _number(root), name)

        kinds: dict[str, Any] = {
            "async": late,
            "async with info": late,
            "loader": loaded,
            "returned future": future,
            "arguments": argued,
        }
        more: dict[str, Any] = {
            "permission": {"permission_classes": [Allowed]},
            "permitted attribute": {"permission_classes": [Allowed]},
            "late permission": {"permission_classes": [AllowedLater]},
            "extension": {"extensions": [Passing()]},
            "late extension": {"extensions": [PassingLater()]},
        }
        resolver: Any
        if f.source == "resolver" and not name.startswith(("query", "mutation")):
            resolver = bare
        else:
            resolver = kinds.get(f.source, plain)
        resolver.__annotations__["return"] = annotation
        if f.source == "permitted attribute" and not name.startswith(("query", "mutation")):
            return strawberry.field(**more[f.source])
        if f.source == "late extension":
            late.__annotations__["return"] = annotation
            resolver = late
        return strawberry.field(resolver=resolver, **more.get(f.source, {}))
