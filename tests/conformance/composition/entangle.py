"""Random sets of subgraphs that merge, and are hard to tell whether they can answer everything."""

from __future__ import annotations

from random import Random

__all__ = ["entangle"]

_NAMES = ("alpha", "beta", "gamma", "delta", "eta")
_KEYS = ("id", "sku", "upc", "id sku", "ref { id }")
_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", '
    '"@requires", "@external", "@provides", "@override", "@interfaceObject", "@context", "@fromContext", "@inaccessible"])'
)


def entangle(rng: Random) -> list[tuple[str, str, str]]:
    """Name, URL and SDL of each subgraph; the same for the same state of ``rng``."""
    return _Maker(rng).make()


class _Maker:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names = rng.sample(_NAMES, rng.choice((2, 2, 3, 3, 4)))
        self.entities = [f"T{n}" for n in range(rng.randint(1, 3))]
        self.heads: dict[tuple[str, str], list[str]] = {}
        self.fields: dict[tuple[str, str], dict[str, str]] = {}
        self.implements = rng.random() < 0.4
        self.abstract = rng.choice(("interface", "union", ""))
        self.contexts = rng.random() < 0.25
        self.plain: dict[str, list[str]] = {}
        """Fields that one subgraph alone resolves, by entity, with a scalar's type."""

    def make(self) -> list[tuple[str, str, str]]:
        for entity in self.entities:
            self._entity(entity)
        for entity in self.entities:
            self._relations(entity)
        if self.rng.random() < 0.5:
            self._values()
        self._abstract()
        if self.rng.random() < 0.4:
            self._interface_object()
        self._roots()
        return [(name, f"http://{name}", self._text(name)) for name in self.names]

    def _chance(self, of: float) -> bool:
        return self.rng.random() < of

    def _having(self, type_name: str) -> list[str]:
        return [name for name in self.names if (name, type_name) in self.fields]

    def _type(self, subgraph: str, type_name: str) -> dict[str, str]:
        self.heads.setdefault((subgraph, type_name), [])
        return self.fields.setdefault((subgraph, type_name), {})

    def _entity(self, entity: str) -> None:
        members = self.rng.sample(self.names, self.rng.randint(1, len(self.names)))
        for subgraph in members:
            fields = self._type(subgraph, entity)
            for key in self.rng.sample(_KEYS, self.rng.choice((1, 1, 1, 2))):
                resolvable = ", resolvable: false" if self._chance(0.12) else ""
                self.heads[subgraph, entity].append(f'@key(fields: "{key}"{resolvable})')
                for part in key.replace("{ id }", "").split():
                    fields[part] = "Ref! @shareable" if part == "ref" else "ID! @shareable"
                if "ref" in key:
                    self._type(subgraph, "Ref")["id"] = "ID! @shareable"
            if self._chance(0.35):
                fields[self.rng.choice(("sku", "upc"))] = "ID! @shareable"
            for number in range(self.rng.randint(0, 2)):
                name = f"{subgraph[0]}{number}{entity.lower()}"
                fields[name] = "Int"
                self.plain.setdefault(entity, []).append(name)

    def _relations(self, entity: str) -> None:
        members = self._having(entity)
        for subgraph in members:
            fields = self.fields[subgraph, entity]
            if self._chance(0.6):
                other = self.rng.choice([e for e in self.entities if (subgraph, e) in self.fields])
                fields[f"to{subgraph[0]}{other}"] = self.rng.choice((other, f"[{other}!]!"))
            if self._chance(0.45):
                self._requires(subgraph, entity)
        if len(members) > 1 and self._chance(0.35):
            self._override(entity, members)
        if len(members) > 1 and self._chance(0.3):
            self._shared_relation(entity, members)

    def _requires(self, subgraph: str, entity: str) -> None:
        fields = self.fields[subgraph, entity]
        able = [f for f in self.plain.get(entity, ()) if f not in fields]
        if not able:
            return
        wanted = self.rng.choice(able)
        fields[wanted] = "Int @external"
        if self._chance(0.3):
            relations = [(f, t) for f, t in fields.items() if f.startswith("to") and "@" not in t]
            for name, type_ in relations[:1]:
                other = type_.strip("[]!")
                deep = [f for f in self.plain.get(other, ()) if f not in self.fields[subgraph, other]]
                if deep:
                    self.fields[subgraph, other][deep[0]] = "Int @external"
                    wanted += f" {name} {{ {deep[0]} }}"
        fields[f"r{subgraph[0]}{entity.lower()}"] = f'Int @requires(fields: "{wanted}")'

    def _override(self, entity: str, members: list[str]) -> None:
        source, target = self.rng.sample(members, 2)
        label = self.rng.choice(("", ', label: "percent(5)"', ', label: "one"', ', label: "two"'))
        type_ = self.rng.choice(("Int", "V"))
        if type_ == "V":
            for subgraph in (source, target):
                self._type(subgraph, "V")["x"] = "Int @shareable"
            self._type(target, "V")["y"] = "Int @shareable"
        self.fields[source, entity]["moved"] = type_
        self.fields[target, entity]["moved"] = f'{type_} @override(from: "{source}"{label})'

    def _shared_relation(self, entity: str, members: list[str]) -> None:
        for subgraph in self.rng.sample(members, 2):
            self._type(subgraph, "W")[self.rng.choice("xyz")] = "Int @shareable"
            self.fields[subgraph, entity]["w"] = "W @shareable"

    def _values(self) -> None:
        for subgraph in self.rng.sample(self.names, self.rng.randint(1, len(self.names))):
            value = self._type(subgraph, "Value")
            for name in "abc":
                if self._chance(0.6):
                    value[name] = "Int @shareable"
            able = [e for e in self.entities if (subgraph, e) in self.fields]
            if able and self._chance(0.5):
                value["entity"] = f"{able[0]} @shareable"
            if not value:
                value["a"] = "Int @shareable"
            if able:
                self.fields[subgraph, able[0]]["value"] = "Value @shareable"

    def _abstract(self) -> None:
        if not self.abstract:
            return
        for subgraph in self.names:
            members = [e for e in self.entities if (subgraph, e) in self.fields and self._chance(0.8)]
            if self.abstract == "union" and members:
                self.heads[subgraph, "union Any = " + " | ".join(members)] = []
                self._root(subgraph)[f"any{subgraph[0]}"] = "Any"
                if self._chance(0.4):
                    self._root(subgraph)["anyShared"] = "Any @shareable"
            elif self.abstract == "interface":
                self._type(subgraph, "Node")["id"] = "ID!"
                for entity in members:
                    if "id" in self.fields[subgraph, entity]:
                        self.heads[subgraph, entity].insert(0, "implements Node")
                self._root(subgraph)[f"node{subgraph[0]}"] = "Node"
                if self._chance(0.4):
                    self._root(subgraph)["nodeShared"] = "Node @shareable"

    def _interface_object(self) -> None:
        one, *others = self.rng.sample(self.names, 2)
        self._type(one, "Media")["id"] = "ID!"
        self.heads[one, "Media"] = ['@key(fields: "id")']
        for name in ("Book", "Film"):
            self._type(one, name)["id"] = "ID!"
            self.heads[one, name] = ["implements Media", '@key(fields: "id")']
            if self._chance(0.5):
                self.fields[one, name][f"own{name}"] = "Int"
        for subgraph in others:
            fields = self._type(subgraph, "Media")
            resolvable = ", resolvable: false" if self._chance(0.2) else ""
            self.heads[subgraph, "Media"] = ["@interfaceObject", f'@key(fields: "id"{resolvable})']
            fields.update({"id": "ID!", "rating": "Int"})
            if self._chance(0.6):
                self._root(subgraph)["rated"] = self.rng.choice(("Media", "[Media!]!"))
        if self._chance(0.5):
            self._root(one)["media"] = "Media"
        third = [name for name in self.names if name not in (one, *others)]
        if third and self._chance(0.5):
            self._type(third[0], "Book").update({"id": "ID!", "pages": "Int"})
            self.heads[third[0], "Book"] = ['@key(fields: "id")']
            self._root(third[0])["books"] = "[Book]"

    def _root(self, subgraph: str) -> dict[str, str]:
        return self._type(subgraph, "Query")

    def _roots(self) -> None:
        for subgraph in self.names:
            for (name, type_name), fields in list(self.fields.items()):
                if name == subgraph and type_name[0] in "TV" and self._chance(0.5):
                    provided = [f for f, t in fields.items() if t == "Int @external"]
                    extra = f' @provides(fields: "{provided[0]}")' if provided and self._chance(0.5) else ""
                    if extra:
                        for other in self.names:
                            if self.fields.get((other, type_name), {}).get(provided[0]) == "Int":
                                self.fields[other, type_name][provided[0]] = "Int @shareable"
                    self._root(subgraph)[f"{type_name.lower()}{subgraph[0]}"] = type_name + extra
        if not any("Query" in types for _, types in self.fields):
            self._root(self.names[0])["hello"] = "Int"
        if self._chance(0.3):
            one, two = self.rng.sample(self.names, 2)
            both = [
                t
                for n, t in self.fields
                if n == one and t in (*self.entities, "Value") and (two, t) in self.fields
            ]
            for subgraph in (one, two) if both else ():
                self._type(subgraph, "Mutation")["change"] = f"{both[0]} @shareable"
        if self.contexts:
            self._context()

    def _context(self) -> None:
        for subgraph in self.names:
            able = [e for e in self.entities if (subgraph, e) in self.fields]
            if len(able) > 1:
                holder, user = able[:2]
                key = self.heads[subgraph, user]
                if not any("@key" in k and "resolvable" not in k for k in key):
                    continue
                self.heads[subgraph, holder].append('@context(name: "c")')
                self.fields[subgraph, holder]["told"] = "String @shareable"
                self.fields[subgraph, user]['heard(a: String @fromContext(field: "$c { told }"))'] = "Int"
                if self._chance(0.7):
                    self.fields[subgraph, holder]["hearer"] = user
                return

    def _text(self, subgraph: str) -> str:
        parts = [_LINK]
        for (name, type_name), directives in self.heads.items():
            if name != subgraph:
                continue
            if type_name.startswith("union "):
                parts.append(type_name)
                continue
            kind = (
                "interface"
                if type_name in {"Node", "Media"} and "@interfaceObject" not in directives
                else "type"
            )
            body = "\n".join(f"  {field}: {type_}" for field, type_ in self.fields[name, type_name].items())
            parts.append(f"{kind} {type_name} {' '.join(directives)} {{\n{body}\n}}")
        return "\n".join(parts) + "\n"
