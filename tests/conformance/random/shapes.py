"""Types and fields of a random graph, and which subgraph has what of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

from tests.conformance.random.model import Argument, At, Field, Graph, Key, Type, named

__all__ = ["LABELS", "Shapes"]

_T = TypeVar("_T")

SCALARS = ("String", "Int", "Float", "Boolean", "ID", "Blob", "Color")
WRAPPERS = ("{}", "{}", "{}", "{}!", "{}!", "[{}]", "[{}!]", "[{}!]!", "[{}]!", "[[{}]]", "[[{}!]!]")
LABELS = ("fresh", "moving", "percent(50)")


class Shapes:
    """A graph's types and fields, made one step at a time by chance alone."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        names = ["amber", "brown", "coral", "denim", "ebony"]
        self.graph = Graph(seed, names[: self.random.choice((2, 3, 3, 4, 4, 5))])
        self.graph.enums = {"Color": ("RED", "GREEN", "BLUE")}
        self.numbers = 0

    # Helpers

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, items: Iterable[_T], least: int, most: int) -> list[_T]:
        pool = list(items)
        return self.random.sample(pool, min(len(pool), self.random.randint(least, most)))

    def add(self, name: str, kind: str) -> Type:
        made = self.graph.types[name] = Type(name, kind)
        return made

    def fresh(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers}"

    def homes(self, known: Type) -> list[str]:
        return [sub for sub, keys in known.subs.items() if any(key.resolvable for key in keys)]

    def allowed(self, name: str, sub: str) -> bool:
        """Whether the subgraph may have the type: not the implementations of its interface objects."""
        known = self.graph.types[name]
        if sub in known.subs:
            return True
        if known.kind == "object":
            return not any(sub in one.interface_objects for one in self.graph.interfaces_of(name)) and all(
                self.allowed(named(field.type), sub)
                for field in known.fields.values()
                if not known.entity and named(field.type) in self.graph.types
            )
        if known.entity:
            return False
        return all(self.allowed(member, sub) for member in self.graph.possible(name))

    def ensure(self, name: str, sub: str, members: Iterable[str] = ()) -> None:
        """Let the subgraph have the type: whole where it is a value, a reference where it is an entity."""
        known = self.graph.types[name]
        if known.kind != "object":
            self._ensure_abstract(known, sub, members)
        elif sub not in known.subs:
            if known.entity:
                known.subs[sub] = [Key("id", resolvable=self.chance(0.4))]
                self.share(known.fields["id"], sub)
            else:
                known.subs[sub] = []
                for field in known.fields.values():
                    self.share(field, sub)
                    if named(field.type) in self.graph.types:
                        self.ensure(named(field.type), sub)

    def _ensure_abstract(self, known: Type, sub: str, members: Iterable[str]) -> None:
        if sub in known.interface_objects:
            return
        if sub not in known.subs:
            known.subs[sub] = []
            pool = sorted(self.graph.possible(known.name))
            known.members[sub] = set(pool if self.chance(0.6) else self.some(pool, 1, len(pool)))
        known.members[sub] |= set(members)
        for member in sorted(known.members[sub]):
            self.ensure(member, sub)
            if known.kind == "interface" and "id" in self.graph.types[member].fields:
                self.share(self.graph.types[member].fields["id"], sub)

    @staticmethod
    def share(field: Field, sub: str) -> None:
        known = field.at.get(sub)
        if known is None or known.external:
            field.at[sub] = At(shareable=True)
            for one in field.at.values():
                one.shareable = not one.external

    def field(self, owner: Type, name: str, type_text: str, **more: object) -> Field:
        made = owner.fields[name] = Field(name, type_text, owner.name, **more)  # type: ignore[arg-type]
        return made

    # Types

    def entities(self) -> None:
        names = [f"Entity{letter}" for letter in "ABCD"[: self.random.randint(2, 4)]]
        for name in names:
            self.add(name, "object").key_choices.append("id")
        for name in names:
            known = self.graph.types[name]
            self.field(known, "id", "ID!", key=True, never_null=True)
            if self.chance(0.4):
                known.key_choices.append("sku")
                self.field(known, "sku", "String!", key=True, never_null=True, inaccessible=self.chance(0.2))
            if self.chance(0.25):
                known.key_choices.append("region code")
                for part in ("region", "code"):
                    self.field(known, part, "Int!", key=True, never_null=True)
            if self.chance(0.2):
                reference = self.add(f"{name}Ref", "object")
                self.field(reference, "zone", "String!", never_null=True)
                self.field(reference, "mark", "ID!", key=True, never_null=True)
                known.key_choices.append("ref { zone mark }" if self.chance(0.6) else "ref { mark } id")
                self.field(known, "ref", f"{name}Ref!", key=True, never_null=True)
            if self.chance(0.12):
                known.key_choices.append("marks")
                self.field(known, "marks", "[String!]!", key=True, never_null=True)
            if self.chance(0.15):
                other = self.random.choice(names)
                if other != name:
                    known.key_choices.append("twin { id }")
                    self.field(known, "twin", f"{other}!", key=True, never_null=True)
        for name in names:
            known = self.graph.types[name]
            for sub in self.some(self.graph.subgraphs, 1 if self.chance(0.2) else 2, 4):
                self._place_entity(known, sub)

    def _place_entity(self, known: Type, sub: str) -> None:
        keys = self.some(known.key_choices, 1, 2)
        if self.chance(0.5) and "id" not in keys:
            keys.append("id")
        known.subs[sub] = [Key(text, resolvable=not self.chance(0.08)) for text in keys]
        texts = list(keys)
        texts.extend(text for text in known.key_choices if text not in keys and self.chance(0.3))
        for text in texts:
            for part in text.split("{")[0].split() + (["id"] if text.endswith("} id") else []):
                self.share(known.fields[part], sub)
                target = named(known.fields[part].type)
                if target in self.graph.types:
                    self.ensure(target, sub)
                    if part == "twin":
                        self.share(self.graph.types[target].fields["id"], sub)

    def values(self) -> None:
        for letter in "VW"[: self.random.randint(0, 2)]:
            known = self.add(f"Value{letter}", "object")
            for _ in range(self.random.randint(1, 3)):
                self.field(known, self.fresh("v"), self.wrapped(self.random.choice(SCALARS)))
            if self.chance(0.3):
                self.field(known, self.fresh("v"), self.wrapped("EntityA"))

    def interfaces(self) -> None:
        entities = [one.name for one in self.graph.types.values() if one.entity]
        values = [name for name in ("ValueV", "ValueW") if name in self.graph.types]
        if self.chance(0.6):
            pool = values if values and self.chance(0.25) else entities
            self._interface("Shape", self.some(pool, 1, 3))
        if self.chance(0.4):
            self._keyed_interface(self.some(entities, 1, 3))

    def _interface(self, name: str, members: Sequence[str]) -> Type:
        known = self.add(name, "interface")
        for _ in range(self.random.randint(1, 2)):
            field_name, type_text = self.fresh("i"), self.wrapped(self.random.choice(SCALARS))
            args = self.arguments()
            self.field(known, field_name, type_text, args=args)
            for member in members:
                owner = self.graph.types[member]
                made = self.field(owner, field_name, type_text, args=args)
                self.place(owner, made)
        if all(self.graph.types[member].entity for member in members):
            self.field(known, "id", "ID!", key=True, never_null=True)
        known.members[""] = set(members)
        return known

    def _keyed_interface(self, members: Sequence[str]) -> None:
        """An interface with a key, and subgraphs that take it for an object."""
        taken = {sub for member in members for sub in self.graph.types[member].subs}
        free = [sub for sub in self.graph.subgraphs if sub not in taken]
        if not free:
            return
        known = self._interface("Node", members)
        known.key_choices.append("id")
        home = self.random.choice(sorted(taken))
        known.subs[home] = [Key("id")]
        known.members[home] = set(members)
        for member in members:
            owner = self.graph.types[member]
            keys = [key for key in owner.subs.get(home, []) if key.fields != "id"]
            owner.subs[home] = [*keys, Key("id")]
            self.share(owner.fields["id"], home)
        for sub in self.some(free, 1, 2):
            known.interface_objects.add(sub)
            known.subs[sub] = [Key("id", resolvable=not self.chance(0.1))]
            self.share(known.fields["id"], sub)

    def unions(self) -> None:
        if self.chance(0.5):
            pool = [one.name for one in self.graph.types.values() if one.kind == "object"]
            pool = [name for name in pool if not name.endswith("Ref")]
            self.add("Either", "union").members[""] = set(self.some(pool, 2, 3))

    # Fields

    def wrapped(self, name: str) -> str:
        return self.random.choice(WRAPPERS).format(name)

    def arguments(self) -> tuple[Argument, ...]:
        if self.chance(0.75):
            return ()
        pool = (
            Argument("size", "Int"),
            Argument("size", "Int!", "3"),
            Argument("tint", "Color"),
            Argument("filter", "Filter"),
            Argument("ids", "[ID!]"),
        )
        return tuple({one.name: one for one in self.some(pool, 1, 2)}.values())

    def place(self, owner: Type, field: Field) -> None:
        """Say which of the subgraphs that have the type answer for the field."""
        if not owner.entity:
            for sub in owner.subs:
                self.share(field, sub)
            return
        homes = self.homes(owner) or list(owner.subs)
        first = self.random.choice(homes)
        field.at[first] = At()
        others = [sub for sub in homes if sub != first]
        abstract = (
            named(field.type) in self.graph.types and self.graph.types[named(field.type)].kind != "object"
        )
        if others and not abstract and self.chance(0.2):
            for sub in [first, *self.some(others, 1, 2)]:
                field.at[sub] = At(shareable=True, non_null=self.chance(0.1))
        elif others and not abstract and self.chance(0.12):
            label = self.random.choice(LABELS) if self.chance(0.6) else None
            field.at[self.random.choice(others)] = At(override=(first, label))

    def plain_fields(self, owner: Type) -> None:
        for _ in range(self.random.randint(1, 5)):
            pool = [one for one in self.graph.types if one not in ("Query", "Mutation")]
            target = self.random.choice(SCALARS) if self.chance(0.6) else self.random.choice(pool)
            made = self.field(owner, self.fresh("f"), self.wrapped(target), args=self.arguments())
            self.place(owner, made)
            self._settle(owner, made)

    def _settle(self, owner: Type, made: Field) -> None:
        """Let the field's subgraphs have its type, or make it a scalar; then its rarer properties."""
        target = named(made.type)
        if target in self.graph.types:
            if all(self.allowed(target, sub) for sub in made.at):
                for sub in made.at:
                    self.ensure(target, sub)
            else:
                made.type = made.type.replace(target, "String")
        made.inaccessible = owner.name != "Query" and self.chance(0.06)
        made.flaky = self.chance(0.06 if made.type.endswith("!") else 0.12)

    def interface_object_fields(self) -> None:
        known = self.graph.types.get("Node")
        if known is None:
            return
        for sub in sorted(known.interface_objects):
            for _ in range(self.random.randint(1, 3)):
                target = self.random.choice(SCALARS)
                if self.chance(0.3):
                    target = self.random.choice(list(self.graph.types))
                made = self.field(known, self.fresh("n"), self.wrapped(target), args=self.arguments())
                made.at[sub] = At()
                self._settle(known, made)
                made.inaccessible = False

    def roots(self) -> None:
        query = self.add("Query", "object")
        mutation = self.add("Mutation", "object")
        pool = [name for name in self.graph.types if name not in ("Query", "Mutation")]
        for sub in self.graph.subgraphs:
            query.subs[sub] = []
            for _ in range(self.random.randint(1, 3)):
                target = self.random.choice(pool) if self.chance(0.85) else self.random.choice(SCALARS)
                made = self.field(query, self.fresh("q"), self.wrapped(target), args=self.arguments())
                made.at[sub] = At()
                self._settle(query, made)
            if self.chance(0.3):
                mutation.subs[sub] = []
                for _ in range(self.random.randint(1, 2)):
                    made = self.field(mutation, self.fresh("m"), self.random.choice(pool))
                    made.at[sub] = At()
                    self._settle(mutation, made)
                    made.inaccessible = made.flaky = False
        if self.chance(0.15):
            owner = self.graph.types["EntityA"]
            made = self.field(owner, self.fresh("r"), "Query!", never_null=True)
            made.at[self.random.choice(list(owner.subs))] = At()
        if not mutation.fields:
            del self.graph.types["Mutation"]
