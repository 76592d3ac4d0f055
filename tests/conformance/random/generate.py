"""Random federated graphs: whole types first, then which subgraph has what of them, then their directives.

Everything is valid by construction but for satisfiability: whether every field can be reached from every
place is for composition to say, and graphs where it cannot are left out.
"""

from __future__ import annotations

from tests.conformance.random.model import At, Field, Graph, Key, Type, named
from tests.conformance.random.shapes import Shapes

__all__ = ["random_graph"]


def random_graph(seed: int) -> Graph:
    """The graph of that number."""
    return _Generator(seed).graph


class _Generator(Shapes):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.entities()
        self.values()
        self.interfaces()
        self.unions()
        for known in list(self.graph.types.values()):
            if known.kind == "object" and known.entity:
                self.plain_fields(known)
        self.interface_object_fields()
        self.roots()
        self._requirements()
        self._provisions()
        if self.chance(0.3):
            self._contexts()
        self._finish()

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
