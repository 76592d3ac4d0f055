"""Random schemas of Strawberry types: nullability, lists of lists, unions, interfaces, permissions, extensions."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime
from random import Random
from types import SimpleNamespace
from typing import Annotated, Any

import strawberry
from graphql import GraphQLError
from strawberry.dataloader import DataLoader
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.telemetry.resolver_times import ResolverTimes
from tests.subgraphs.kit.execution.random.specs import (
    LEAVES,
    SOURCES,
    Code,
    Colour,
    FieldSpec,
    Told,
    TypeSpec,
    Wrapped,
)
from tests.subgraphs.kit.execution.random.values import Values, at_its_pace, number_of, random_of, some_ticks

__all__ = ["World", "make_world"]


@dataclass
class World:
    """A schema, what it was made from, and the context of one execution."""

    schema: strawberry.Schema
    types: dict[str, TypeSpec]
    unions: dict[str, list[str]]
    values: Values
    times: ResolverTimes | None = None
    """Where its resolvers are timed."""

    def context(self, seed: int, trouble: float, pace: Random | None = None) -> tuple[SimpleNamespace, Told]:
        """A fresh context under the same seed; at another pace, if one is given."""
        told = Told()

        async def load(keys: list[tuple[int, str]]) -> list[Any]:
            told.batches.append(sorted(n for n, _ in keys))
            await some_ticks(context, 1)
            return [self.values.loaded(context, n, name) for n, name in keys]

        context = SimpleNamespace(seed=seed, trouble=trouble, told=told, pace=pace)
        context.loader = DataLoader(load)
        return context, told


class Allowed(BasePermission):
    message = "Not allowed."

    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        return random_of(info.context, number_of(source), f"may {info.field_name}").random() > 0.3


class AllowedLater(Allowed):
    async def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:  # type: ignore[override]
        await some_ticks(info.context, 1)
        return super().has_permission(source, info, **kwargs)


class Passing(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return await next_(source, info, **kwargs)


class PassingLater(FieldExtension):
    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        await some_ticks(info.context, 1)
        return await next_(source, info, **kwargs)


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
            info.context.told.calls.append((name, number_of(source)))
            return values.of(info.context, number_of(source), name)

        def plain(root: Any, info: strawberry.Info) -> Any:
            return value(root, info)

        def bare(self: Any) -> Any:
            return value(self, SimpleNamespace(context=self.context_))

        async def late(root: Any, info: strawberry.Info) -> Any:
            info.context.told.calls.append((name, number_of(root)))
            random = random_of(info.context, number_of(root), f"ticks {name}")
            await some_ticks(info.context, random.randrange(3))
            return values.of(info.context, number_of(root), name)

        async def loaded(root: Any, info: strawberry.Info) -> Any:
            return await at_its_pace(info.context, info.context.loader.load((number_of(root), name)))

        def future(root: Any, info: strawberry.Info) -> Any:
            load = info.context.loader.load((number_of(root), name))
            return load if info.context.pace is None else at_its_pace(info.context, load)

        def argued(root: Any, info: strawberry.Info, words: list[str] | None = None, n: int = 1) -> Any:
            info.context.told.calls.append((name, number_of(root), n, words))
            return values.of(info.context, number_of(root), name)

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
