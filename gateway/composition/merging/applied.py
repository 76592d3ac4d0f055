"""Directives applied to one element in several subgraphs: united, or reconciled to one application."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Protocol

from gateway.composition.merging.context import Merging
from gateway.composition.merging.directives import KeptDirective
from gateway.composition.merging.report import groups
from gateway.composition.merging.strategies import Strategy
from gateway.composition.model.merged import Application, JoinDirective
from gateway.composition.model.subgraph import Applied
from gateway.composition.model.values import comparable, text, written_value

__all__ = ["HasApplied", "contexts", "is_applied", "join_directives", "merge_applied"]


class HasApplied(Protocol):
    """Anything that directives stand on."""

    @property
    def applied(self) -> tuple[Applied, ...]: ...


def merge_applied(
    merging: Merging,
    coordinate: str,
    sources: Mapping[str, HasApplied | None],
    inherited: tuple[Applied, ...] = (),
) -> tuple[Application, ...]:
    """The applications that the supergraph has; ``inherited`` are guards that other elements pass on."""
    found: dict[str, KeptDirective] = {}
    for subgraph, source in sources.items():
        for applied in source.applied if source is not None else ():
            name = applied.node.name.value
            if name not in found and (kept := merging.directives.kept(subgraph, name)) is not None:
                found[name] = kept
    for applied in inherited:
        name = applied.node.name.value
        if (kept := merging.directives.always_kept(name)) is not None:
            found.setdefault(name, kept)
    merged: list[Application] = []
    for name, kept in found.items():
        by = {
            s: [a for a in source.applied if a.node.name.value == name]
            for s, source in sources.items()
            if source is not None
        }
        extra = [a for a in inherited if a.node.name.value == name]
        merged += _united(kept, by) if kept.repeatable else [_one(merging, coordinate, kept, by, extra)]
    return tuple(merged)


def is_applied(merging: Merging, own_name: str, applied: Iterable[Application]) -> bool:
    """Whether one of federation's directives is among the applications."""
    name = merging.directives.named(own_name)
    return name is not None and any(a.name == name for a in applied)


def contexts(merging: Merging, sources: Mapping[str, Sequence[str]]) -> tuple[Application, ...]:
    """``@context``, by names that tell the subgraphs' contexts apart."""
    name = merging.directives.named("context")
    if name is None:
        return ()
    return tuple(
        Application(name, (("name", text(f"{subgraph}__{context}")),))
        for subgraph, names in sources.items()
        for context in dict.fromkeys(names)
    )


def join_directives(merging: Merging, sources: Mapping[str, HasApplied | None]) -> tuple[JoinDirective, ...]:
    """The applications that the supergraph keeps for the subgraphs' sake only; equal ones as one."""
    if not merging.directives.joined:
        return ()
    found: dict[Hashable, tuple[list[str], str, Applied]] = {}
    for subgraph, source in sources.items():
        for applied in source.applied if source is not None else ():
            name = merging.directives.joined.get(applied.node.name.value)
            if name is not None:
                graphs, _, _ = found.setdefault((name, _key(applied)), ([], name, applied))
                graphs.append(merging.graph.subgraphs[subgraph].graph)
    return tuple(
        JoinDirective(
            tuple(graphs), name, tuple((a.name.value, a.value) for a in applied.node.arguments or ())
        )
        for graphs, name, applied in found.values()
    )


def _united(kept: KeptDirective, by: Mapping[str, Sequence[Applied]]) -> list[Application]:
    distinct: dict[Hashable, Applied] = {}
    for applied in by.values():
        for one in applied:
            distinct.setdefault(_key(one, kept), one)
    return [_application(a) for a in distinct.values()]


def _one(
    merging: Merging,
    coordinate: str,
    kept: KeptDirective,
    by: Mapping[str, Sequence[Applied]],
    inherited: Sequence[Applied],
) -> Application:
    given = [applied[0] for applied in by.values() if applied] + list(inherited)
    counted: dict[Hashable, list[Applied]] = {}
    for applied in given:
        counted.setdefault(_key(applied, kept), []).append(applied)
    if len(counted) == 1:
        return _application(given[0])
    if kept.strategies is not None:
        message = f'"@{kept.name}" is applied to "{coordinate}" with different arguments, which were merged.'
        merging.report.hint("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, coordinate)
        return _reconciled(kept, kept.strategies, [alike[0] for alike in counted.values()])
    chosen = max(counted.values(), key=len)[0]
    told = groups({s: a[0] if a else None for s, a in by.items()}, _written)
    message = (
        f'"@{kept.name}" is applied to "{coordinate}" in different ways: {told}; {_written(chosen)} is used.'
    )
    merging.report.hint("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, coordinate)
    return _application(chosen)


def _reconciled(
    kept: KeptDirective, strategies: Mapping[str, Strategy], given: Sequence[Applied]
) -> Application:
    merged = []
    for argument, strategy in strategies.items():
        default = kept.defaults.get(argument)
        values = [
            value
            for applied in given
            if (value := dict(_application(applied).arguments).get(argument, default)) is not None
        ]
        value = strategy(values)
        merged += [(argument, value)] if value is not None else []
    return Application(kept.name, tuple(merged))


def _key(applied: Applied, kept: KeptDirective | None = None) -> Hashable:
    """Equal for applications that mean the same, whether or not defaults are written out."""
    given = {a.name.value: a.value for a in applied.node.arguments or ()}
    defaults = kept.defaults if kept is not None else {}
    return frozenset((name, comparable(value)) for name, value in {**defaults, **given}.items())


def _application(applied: Applied) -> Application:
    return Application(
        applied.node.name.value, tuple((a.name.value, a.value) for a in applied.node.arguments or ())
    )


def _written(applied: Applied) -> str:
    given = ", ".join(f"{a.name.value}: {written_value(a.value)}" for a in applied.node.arguments or ())
    return f"({given})" if given else "no arguments"
