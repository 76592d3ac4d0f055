"""Random sets of subgraphs, most of which compose: entities spread over subgraphs, and every other kind of type."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

__all__ = ["generate"]

_NAMES = ("alpha", "beta", "gamma", "delta", "my-graph", "a_1", "2nd")
_VERSIONS = ("2.0", "2.3", "2.5", "2.7", "2.8", "2.9", "2.12", "2.14")
_LEAVES = (
    "Int",
    "String",
    "ID",
    "Boolean",
    "Float",
    "String!",
    "[Int!]",
    "[String]!",
    "Color",
    "Color!",
    "Date",
)
_IMPORTS = {
    0: ("key", "requires", "provides", "external", "extends", "shareable", "override", "tag", "inaccessible"),
    1: ("composeDirective",),
    3: ("interfaceObject",),
    5: ("authenticated", "requiresScopes"),
    6: ("policy",),
    8: ("context", "fromContext"),
    9: ("cost", "listSize"),
    12: ("cacheTag",),
}


@dataclass
class _Field:
    name: str
    type: str
    arguments: str = ""
    directives: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        arguments = f"({self.arguments})" if self.arguments else ""
        return " ".join([f"{self.name}{arguments}: {self.type}", *self.directives])


@dataclass
class _Type:
    head: str
    fields: dict[str, _Field] = field(default_factory=dict)
    directives: list[str] = field(default_factory=list)

    def add(self, name: str, type_: str, *directives: str, arguments: str = "") -> None:
        self.fields[name] = _Field(name, type_, arguments, list(directives))

    def __str__(self) -> str:
        body = "\n".join(f"  {one}" for one in self.fields.values())
        return " ".join([self.head, *self.directives]) + " {\n" + body + "\n}"


class _Maker:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        names = rng.sample(_NAMES, rng.choice((1, 2, 2, 2, 3, 3, 4)))
        self.versions = {name: rng.choice(_VERSIONS) for name in names}
        if rng.random() < 0.6:
            version = rng.choice(_VERSIONS)
            self.versions = dict.fromkeys(names, version)
        self.types: dict[str, dict[str, _Type]] = {name: {} for name in names}
        self.names = names
        self.loose: dict[str, list[str]] = {name: [] for name in names}
        self.lowest = min(int(v.split(".")[1]) for v in self.versions.values())
        self.entities: dict[str, list[str]] = {}

    def make(self) -> list[tuple[str, str, str]]:
        for number in range(self.rng.choice((0, 1, 2, 2, 3))):
            self._entity(f"T{number}")
        for step in (
            self._value,
            self._interface,
            self._union,
            self._enums,
            self._input,
            self._interface_object,
        ):
            if self.rng.random() < 0.55:
                step()
        self._roots()
        return [(name, f"http://{name}", self._sdl(name)) for name in self.names]

    def _chance(self, of: float) -> bool:
        return self.rng.random() < of

    def _some(self, least: int = 1) -> list[str]:
        count = self.rng.randint(least, len(self.names))
        return self.rng.sample(self.names, count)

    def _leaf(self) -> str:
        return self.rng.choice(_LEAVES)

    def _composite(self, name: str) -> str | None:
        found = [t for t in self.types[name] if t not in ("Query", "Mutation", "Subscription")]
        return self.rng.choice(found) if found else None

    def _wrapped(self, name: str) -> str:
        return self.rng.choice(("{}", "{}!", "[{}]", "[{}!]!")).format(name)

    def _entity(self, name: str) -> None:
        keys = self.rng.choice(
            (["id"], ["id"], ["id"], ["id", "sku"], ["id sku"], ["ref { id }"], ["id", "ref { id }"])
        )
        members = self._some()
        self.entities[name] = members
        for subgraph in members:
            made = self.types[subgraph][name] = _Type(f"type {name}")
            have = [k for k in keys if self._chance(0.8)] or keys[:1]
            for key in have:
                resolvable = ", resolvable: false" if self._chance(0.08) else ""
                made.directives.append(f'@key(fields: "{key}"{resolvable})')
            for key in have:
                self._key_fields(subgraph, made, key)
            for number in range(self.rng.randint(0, 3)):
                made.add(
                    f"{subgraph[0] if subgraph[0].isalpha() else 's'}{number}{name.lower()}",
                    self._type(subgraph),
                )
        self._shared_fields(name, members)

    def _key_fields(self, subgraph: str, made: _Type, key: str) -> None:
        for part in key.replace("{ id }", "").split():
            if part == "ref":
                made.add("ref", "Ref!")
                self.types[subgraph].setdefault("Ref", _Type("type Ref")).add("id", "ID!", "@shareable")
            else:
                made.add(part, "ID!")

    def _type(self, subgraph: str) -> str:
        other = self._composite(subgraph) if self._chance(0.4) else None
        return self._wrapped(other) if other else self._leaf()

    def _shared_fields(self, name: str, members: list[str]) -> None:
        if self._chance(0.5):
            for subgraph in members:
                self.types[subgraph][name].add(
                    "shared", self.rng.choice(("Int", "Int", "Int", "Int!")), "@shareable"
                )
        if len(members) > 1 and self._chance(0.5):
            one, two = self.rng.sample(members, 2)
            self.types[one][name].add("base", "Int")
            self.types[two][name].add("base", "Int", "@external")
            self.types[two][name].add("derived", "String", '@requires(fields: "base")')
        if len(members) > 1 and self._chance(0.3):
            one, two = self.rng.sample(members, 2)
            label = self.rng.choice(("", ', label: "percent(5)"', ', label: "flag"'))
            if self.lowest < 7:
                label = ""
            self.types[one][name].add("moved", "Int")
            self.types[two][name].add("moved", "Int", f'@override(from: "{one}"{label})')
        if len(members) > 1 and self._chance(0.3):
            one, two = self.rng.sample(members, 2)
            self.types[one][name].add("given", "Int", "@shareable")
            self.types[two][name].add("given", "Int", "@external")
            self.types[two].setdefault("Query", _Type("type Query")).add(
                f"give{name}", name, '@provides(fields: "given")'
            )

    def _value(self) -> None:
        for subgraph in self._some():
            made = self.types[subgraph]["Value"] = _Type("type Value", directives=["@shareable"])
            made.add("x", self.rng.choice(("Int", "Int", "Int!")))
            if self._chance(0.8):
                made.add("y", "String", *(['@tag(name: "a")'] if self._chance(0.2) else []))
            if self._chance(0.3):
                made.add("z", "Value")

    def _interface(self) -> None:
        implementations = [t for t in self.entities if self._chance(0.6)]
        for subgraph in self._some():
            made = self.types[subgraph]["Node"] = _Type("interface Node")
            made.add("id", "ID!")
            some = [t for t in implementations if subgraph in self.entities[t]]
            for name in some:
                one = self.types[subgraph][name]
                if "id" in one.fields:
                    one.head += " implements Node"

    def _union(self) -> None:
        for subgraph in self._some():
            members = [t for t in self.types[subgraph] if t.startswith("T") and self._chance(0.8)]
            if members:
                self.loose[subgraph].append("union Any = " + " | ".join(members))
                self._query(subgraph).add(f"any{len(self.loose[subgraph])}{self._tail(subgraph)}", "Any")
                if self._chance(0.3):
                    self._query(subgraph).add("anyShared", "Any", "@shareable")

    def _enums(self) -> None:
        used = self.rng.choice(("in", "out", "both"))
        for subgraph in self._some():
            values = [v for v in ("A", "B", "C") if self._chance(0.9)] or ["A"]
            self.loose[subgraph].append("enum Level { " + " ".join(values) + " }")
            if used != "in":
                self._query(subgraph).add(f"level{self._tail(subgraph)}", "Level")
            if used != "out":
                self._query(subgraph).add(f"atLevel{self._tail(subgraph)}", "Int", arguments="level: Level")

    def _input(self) -> None:
        for subgraph in self._some():
            fields = ["a: Int" + self.rng.choice(("", "", "!", " = 1"))]
            if self._chance(0.7):
                fields.append("b: [String!]" + self.rng.choice(("", "", "!")))
            self.loose[subgraph].append("input Filter { " + " ".join(fields) + " }")
            self._query(subgraph).add(f"find{self._tail(subgraph)}", "Int", arguments="filter: Filter")
            if self._chance(0.4):
                arguments = self.rng.choice(
                    ("filter: Filter", "filter: Filter, n: Int", "n: Int = 3", "n: Int!")
                )
                self._query(subgraph).add("findShared", "Int", "@shareable", arguments=arguments)

    def _interface_object(self) -> None:
        if self.lowest < 3 or len(self.names) < 2:
            return
        one, *others = self._some(2)
        itf = self.types[one]["Media"] = _Type('interface Media @key(fields: "id")')
        itf.add("id", "ID!")
        itf.add("title", "String")
        for name in ("Book", "Film"):
            made = self.types[one][name] = _Type(f'type {name} implements Media @key(fields: "id")')
            made.add("id", "ID!")
            made.add("title", "String")
        for subgraph in others[: self.rng.randint(1, 2)]:
            made = self.types[subgraph]["Media"] = _Type('type Media @interfaceObject @key(fields: "id")')
            made.add("id", "ID!")
            made.add(f"rating{self._tail(subgraph)}", "Int")
            if self._chance(0.5):
                self._query(subgraph).add(f"media{self._tail(subgraph)}", self._wrapped("Media"))
        if self._chance(0.7):
            self._query(one).add("allMedia", "[Media!]!")

    def _tail(self, subgraph: str) -> str:
        return str(self.names.index(subgraph))

    def _query(self, subgraph: str) -> _Type:
        return self.types[subgraph].setdefault("Query", _Type("type Query"))

    def _roots(self) -> None:
        for subgraph in self.names:
            for name in list(self.types[subgraph]):
                if name not in ("Query", "Ref") and self._chance(0.6):
                    self._query(subgraph).add(f"{name.lower()}Of{self._tail(subgraph)}", self._wrapped(name))
            if self._chance(0.3):
                self._query(subgraph).add("ping", "Int", "@shareable")
        if not any("Query" in types for types in self.types.values()):
            self._query(self.names[0]).add("hello", "String")
        if self._chance(0.3):
            for subgraph in self._some():
                made = self.types[subgraph]["Mutation"] = _Type("type Mutation")
                made.add(f"do{self._tail(subgraph)}", self._type(subgraph), arguments="n: Int!")
                if self._chance(0.5):
                    made.add("both", self._composite(subgraph) or "Int", "@shareable")

    def _sdl(self, subgraph: str) -> str:
        body = "\n".join([*map(str, self.types[subgraph].values()), *self.loose[subgraph]])
        if "Color" in body:
            body += "\nenum Color { RED GREEN }"
        if "Date" in body:
            body += "\nscalar Date"
        minor = int(self.versions[subgraph].split(".")[1])
        names = [f'"@{n}"' for since, all_ in _IMPORTS.items() if since <= minor for n in all_]
        link = (
            f'extend schema @link(url: "https://specs.apollo.dev/federation/v{self.versions[subgraph]}", '
            f"import: [{', '.join(names)}])"
        )
        return f"{link}\n\n{body}\n"


def generate(rng: Random) -> list[tuple[str, str, str]]:
    """Name, URL and SDL of each subgraph; the same for the same state of ``rng``."""
    return _Maker(rng).make()
