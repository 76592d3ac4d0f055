"""Where one response key has different shapes for different types in a subgraph, it is aliased there.

The supergraph may see ``name: String`` where two types of a subgraph have ``String`` and ``String!``.
Asked under one key in two fragments, the subgraph would refuse; so all but the first get an alias, and
the answer's keys are renamed back.
"""

from __future__ import annotations

import re

from gateway.planning.fetch_graph.fetches import Fetch, FetchField, SelectionSet
from gateway.planning.plan import KeyRenamer, Path

__all__ = ["alias_conflicts"]

_NAME = re.compile(r"\w+")


def alias_conflicts(fetches: list[Fetch]) -> list[Fetch]:
    """Alias, and note the renaming on the fetch."""
    for fetch in fetches:
        _Aliasing(fetch).resolve([(fetch.selections, ())])
    return fetches


class _Aliasing:
    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self.count = 0

    def resolve(self, places: list[tuple[SelectionSet, Path]]) -> None:
        """``places`` are selection sets whose fields end up in one object of the answer."""
        found: dict[str, list[tuple[SelectionSet, Path, FetchField]]] = {}
        for selections, path in places:
            self._collect(selections, path, found)
        for key, uses in found.items():
            kept = self._conflicts(key, uses) if len(uses) > 1 else uses
            below = [
                (field.children, (*path, field.key, *("@",) * field.type_text.count("[")))
                for _, path, field in kept
                if field.children is not None
            ]
            if below:
                self.resolve(below)

    def _collect(
        self,
        selections: SelectionSet,
        path: Path,
        found: dict[str, list[tuple[SelectionSet, Path, FetchField]]],
    ) -> None:
        for field in selections.fields.values():
            found.setdefault(field.key, []).append((selections, path, field))
        for (condition, _), body in selections.fragments.items():
            self._collect(body, (*path, f"... on {condition}") if condition else path, found)

    def _conflicts(
        self, key: str, uses: list[tuple[SelectionSet, Path, FetchField]]
    ) -> list[tuple[SelectionSet, Path, FetchField]]:
        first = _form(uses[0][2])
        kept = [uses[0]]
        for selections, path, field in uses[1:]:
            if _form(field) == first:
                kept.append((selections, path, field))
                continue
            alias = f"{key}__alias_{self.count}"
            self.count += 1
            del selections.fields[key, field.directives]
            renamed = FetchField(
                field.name, alias, field.arguments, field.directives, field.variables, field.type_text,
                field.children,
            )  # fmt: skip
            selections.fields[alias, field.directives] = renamed
            self.fetch.output_rewrites[KeyRenamer((*path, alias), key)] = None
            if renamed.children is not None:
                self.resolve([(renamed.children, (*path, alias, *("@",) * field.type_text.count("[")))])
        return kept


def _form(field: FetchField) -> str:
    return field.type_text if field.children is None else _NAME.sub("T", field.type_text)
