"""Random federated graphs: whole types first, then which subgraph has what of them.

Everything is valid by construction but for satisfiability: whether every field can be reached from every
place is for composition to say, and graphs where it cannot are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

from tests.conformance.random.model import Argument, At, Field, Graph, Key, Type, named

__all__ = ["random_graph"]

_T = TypeVar("_T")

SCALARS = ("String", "Int", "Float", "Boolean", "ID", "Blob", "Color")
WRAPPERS = ("{}", "{}", "{}", "{}!", "{}!", "[{}]", "[{}!]", "[{}!]!", "[{}]!", "[[{}]]", "[[{}!]!]")
LABELS = ("fresh", "moving", "percent(50)")


def random_graph(seed: int) -> Graph:
    """The graph of that number."""
    return _Generator(seed).graph


class _Generator:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        names = ["amber", "brown", "coral", "denim", "ebony"]
        self.graph = Graph(seed, names[: self.random.choice((2, 3, 3, 4, 4, 5))])
        self.graph.enums = {"Color": ("RED", "GREEN", "BLUE")}
        self.numbers = 0
        self._entities()
        self._values()
        self._interfaces()
        self._unions()
        for known in list(self.graph.types.values()):
            if known.kind == "object" and known.entity:
                self._plain_fields(known)
        self._interface_object_fields()
        self._roots()
        self._requirements()
        self._provisions()
        if self.chance(0.3):
            self._contexts()
        self._finish()

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

    def _entities(self) -> None:
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

    def _values(self) -> None:
        for letter in "VW"[: self.random.randint(0, 2)]:
            known = self.add(f"Value{letter}", "object")
            for _ in range(self.random.randint(1, 3)):
                self.field(known, self.fresh("v"), self.wrapped(self.random.choice(SCALARS)))
            if self.chance(0.3):
                self.field(known, self.fresh("v"), self.wrapped("EntityA"))

    def _interfaces(self) -> None:
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

    def _unions(self) -> None:
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

    def _plain_fields(self, owner: Type) -> None:
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

    def _interface_object_fields(self) -> None:
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

    def _roots(self) -> None:
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

    # @requires and @provides

    def _requirements(self) -> None:
        for owner in list(self.graph.types.values()):
            if not owner.entity:
                continue
            names = list(owner.fields)
            for index, name in enumerate(names):
                field = owner.fields[name]
                if field.key or len(field.at) != 1 or field.flaky or not self.chance(0.35):
                    continue
                (sub, at), *_ = field.at.items()
                if at.external or (owner.kind == "interface" and sub not in owner.interface_objects):
                    continue
                if named(field.type) in self.graph.types:
                    continue
                texts = [
                    text
                    for before in self.some(names[:index], 1, 2)
                    if (text := self._requirement(owner, owner.fields[before], sub)) is not None
                ]
                if texts:
                    at.requires = " ".join(texts)

    def _requirement(self, owner: Type, field: Field, sub: str) -> str | None:
        """The text that requires the field in the subgraph, which then has it as external."""
        target = self.graph.types.get(named(field.type))
        if field.key or field.flaky or any(one.override for one in field.at.values()):
            return None
        local = sub in field.at and not field.at[sub].external
        if owner.kind == "interface" and not self._all_stable(owner, field):
            return None
        if target is None:
            if local:
                return None
            field.at[sub] = At(external=True)
            return field.name + self.constant(field)
        inner = self._inner(target, sub, field, leaves_external=local) if owner.kind == "object" else None
        if inner is None:
            return None
        if not local:
            field.at[sub] = At(external=True)
        return f"{field.name}{self.constant(field)} {{ {inner} }}"

    def _all_stable(self, owner: Type, field: Field) -> bool:
        """Whether the interface has the field somewhere, and no implementation's own can fail."""
        homes = [sub for sub in owner.subs if sub not in owner.interface_objects]
        for member in sorted(self.graph.possible(owner.name)):
            own = self.graph.types[member].fields.get(field.name)
            if own is not None:
                homes = [sub for sub in homes if sub in own.at]
                if own.flaky or own.requirement:
                    return False
        return bool(homes) and not field.flaky

    def _inner(self, target: Type, sub: str, field: Field, *, leaves_external: bool) -> str | None:
        if not self.allowed(target.name, sub) or target.name == "Query" or sub in target.interface_objects:
            return None
        if target.kind != "object":
            if leaves_external:
                return None
            owners = [one for one, at in field.at.items() if not at.external]
            if any(one in target.interface_objects for one in owners):
                return None
            members = set().union(*(target.members.get(one, set()) for one in owners))
            if not members:
                return None
            self.ensure(target.name, sub, members)
            parts = []
            for member in sorted(members):
                leaf = self._leaf(self.graph.types[member], sub, leaves_external=False)
                if leaf is not None:
                    parts.append(f"... on {member} {{ {leaf} }}")
            return " ".join(parts) or None
        if not leaves_external:
            self.ensure(target.name, sub)
        return self._leaf(target, sub, leaves_external=leaves_external)

    def _provided(self, target: Type, sub: str) -> str | None:
        """A field the subgraph may answer where a path provides it: it shares the field with its owner."""
        name = self._leaf(target, sub, leaves_external=True)
        if name is not None:
            for at in target.fields[name].at.values():
                at.shareable = not at.external
        return name

    def _leaf(self, target: Type, sub: str, *, leaves_external: bool) -> str | None:
        pool = []
        for field in target.fields.values():
            if named(field.type) in self.graph.types or field.flaky or field.requirement:
                continue
            if any(one.override for one in field.at.values()) or field.args:
                continue
            here = field.at.get(sub)
            local = here is not None and not here.external
            if local and (leaves_external or not target.entity or field.key):
                if not leaves_external:
                    pool.append(field)
            elif not local and target.entity and not field.key:
                pool.append(field)
        if not pool:
            return None
        field = self.random.choice(pool)
        if sub not in field.at:
            field.at[sub] = At(external=True)
        return field.name

    def constant(self, field: Field) -> str:
        """Arguments that are the same always."""
        values = {"size": "7", "tint": "GREEN", "filter": "{ least: 2 }", "ids": '["x"]'}
        given = [one for one in field.args if self.chance(0.6)]
        return "(" + ", ".join(f"{one.name}: {values[one.name]}" for one in given) + ")" if given else ""

    def _provisions(self) -> None:
        for owner in list(self.graph.types.values()):
            for field in list(owner.fields.values()):
                target = self.graph.types.get(named(field.type))
                if target is None or field.key or not self.chance(0.3) or target.name == "Query":
                    continue
                for sub, at in field.at.items():
                    if at.external or at.override or sub in target.interface_objects or not target.subs:
                        continue
                    if any(one.override for one in field.at.values()):
                        continue
                    if owner.kind == "interface" and sub not in owner.interface_objects:
                        continue
                    text = self._provision(target, sub)
                    if text is not None:
                        at.provides = text

    def _provision(self, target: Type, sub: str) -> str | None:
        if target.kind != "object":
            parts = []
            for member in sorted(target.members.get(sub, ())):
                leaf = self._provided(self.graph.types[member], sub) if self.chance(0.7) else None
                if leaf is not None:
                    parts.append(f"... on {member} {{ {leaf} }}")
            return " ".join(parts) or None
        own = self._provided(target, sub) if target.entity else None
        parts = [own] if own else []
        for field in target.fields.values():
            inner = self.graph.types.get(named(field.type))
            here = field.at.get(sub)
            if inner is None or not inner.entity or inner.kind != "object" or field.args or field.requirement:
                continue
            if any(one.override for one in field.at.values()):
                continue
            if here is not None and not here.external and not here.override and self.chance(0.5):
                leaf = self._provided(inner, sub)
                if leaf is not None:
                    parts.append(f"{field.name} {{ {leaf} }}")
        return " ".join(parts) or None

    # @context

    def _contexts(self) -> None:
        """A type that sets a context, and one below it alone whose fields take from it."""
        sub = self.random.choice(self.graph.subgraphs)
        holder, inner, box = (self.add(name, "object") for name in ("Holder", "Inner", "Box"))
        for known in (holder, inner):
            known.key_choices.append("id")
            known.subs[sub] = [Key("id")]
            self.share(self.field(known, "id", "ID!", key=True, never_null=True), sub)
        holder.context_of = sub
        box.subs[sub] = []
        fields = [
            self.field(holder, "tag", self.random.choice(("String", "String!"))),
            self.field(holder, self.fresh("h"), self.wrapped("Inner")),
            self.field(holder, self.fresh("h"), self.wrapped("Box")),
            self.field(box, self.fresh("b"), self.wrapped("Inner")),
            self.field(inner, self.fresh("c"), self.wrapped("Inner")),
            self.field(inner, self.fresh("c"), "Holder"),
            self.field(inner, self.fresh("c"), self.wrapped("String"), args=self.arguments(), context="tag"),
            self.field(inner, self.fresh("c"), self.wrapped("EntityA"), context="tag"),
            self.field(self.graph.types["Query"], self.fresh("q"), self.wrapped("Holder")),
        ]
        for field in fields:
            field.at[sub] = At()
        if not self.allowed("EntityA", sub):
            fields[7].type = "Int"
        else:
            self.ensure("EntityA", sub)
        others = [one for one in self.graph.subgraphs if one != sub]
        other = self.random.choice(others)
        for known in (holder, inner):
            known.subs[other] = [Key("id")]
            self.share(known.fields["id"], other)
            self.field(known, self.fresh("o"), self.wrapped("Color")).at[other] = At()
        self.field(holder, self.fresh("o"), self.wrapped("Inner")).at[other] = At()
        self.field(self.graph.types["Query"], self.fresh("q"), self.wrapped("Holder")).at[other] = At()

    # What follows from all the rest

    def _finish(self) -> None:
        for known in self.graph.types.values():
            if known.kind != "object":
                known.members.pop("", None)
        for name in [n for n, one in self.graph.types.items() if not one.subs]:
            del self.graph.types[name]
        for known in self.graph.types.values():
            for sub, members in known.members.items():
                known.shown[sub] = {
                    field.name
                    for field in known.fields.values()
                    if all(self._shows(member, field.name, sub) for member in members)
                }
        for known in self.graph.types.values():
            for field in known.fields.values():
                field.targets = tuple(self._targets(field))
                if any(one.non_null and not one.external for one in field.at.values()):
                    field.never_null = True
                if field.flaky and field.never_null:
                    field.flaky = False

    def _shows(self, member: str, name: str, sub: str) -> bool:
        field = self.graph.types[member].fields.get(name)
        return field is not None and sub in field.at

    def _targets(self, field: Field) -> list[str]:
        target = self.graph.types.get(named(field.type))
        if target is None:
            return []
        if target.kind == "object":
            return [target.name]
        owners = [sub for sub, at in field.at.items() if not at.external]
        found = self.graph.possible(target.name)
        for sub in owners:
            if sub in target.members:
                found &= target.members[sub]
        return sorted(found)
