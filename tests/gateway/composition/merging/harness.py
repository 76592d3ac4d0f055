"""Subgraphs in a few lines, merged: what the supergraph says of some types, the hints, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import parse

from gateway.composition import CompositionFailed, Hint, compose_from_sdls

__all__ = ["Merged", "merge", "refused"]

_IMPORTS = (
    "@authenticated", "@composeDirective", "@context", "@cost", "@external", "@fromContext", "@inaccessible",
    "@interfaceObject", "@key", "@listSize", "@override", "@policy", "@provides", "@requires", "@requiresScopes",
    "@shareable", "@tag",
)  # fmt: skip
_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ['
    + ", ".join(f'"{name}"' for name in _IMPORTS)
    + "])\n"
)


@dataclass(frozen=True, slots=True)
class Merged:
    """A supergraph."""

    sdl: str
    _hints: tuple[Hint, ...]

    @property
    def hints(self) -> list[tuple[str, str | None]]:
        """Codes and what they are about."""
        return [(hint.code, hint.coordinate) for hint in self._hints]

    def shown(self, *names: str) -> str:
        """The definitions called so, as they stand; those of directives with their ``@``, ``schema`` for the schema."""
        found = {}
        for definition in parse(self.sdl).definitions:
            name = getattr(definition, "name", None)
            at = "@" if definition.kind == "directive_definition" else ""
            assert definition.loc is not None
            text = self.sdl[definition.loc.start : definition.loc.end]
            found[at + name.value if name is not None else "schema"] = text
        return "\n".join(found[name] for name in names if name in found)


def merge(**subgraphs: str) -> Merged:
    """The supergraph of these subgraphs. One that begins with ``extend schema`` links for itself."""
    composed = compose_from_sdls(_given(subgraphs))
    return Merged(composed.supergraph_sdl, composed.hints)


def refused(**subgraphs: str) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Code, subgraphs and places (line and column, without the line that links) of each error; none where all is well."""
    try:
        compose_from_sdls(_given(subgraphs))
    except CompositionFailed as failed:
        return [
            (e.code, e.subgraphs, [f"{p.subgraph}:{p.line - 1}:{p.column}" for p in e.locations])
            for e in failed.errors
        ]
    return []


def _given(subgraphs: dict[str, str]) -> list[tuple[str, str, str]]:
    return [
        (name, f"http://{name}", sdl if sdl.startswith("extend schema @link") else _LINK + sdl)
        for name, sdl in subgraphs.items()
    ]
