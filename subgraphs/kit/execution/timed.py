"""A field whose value is got by calling something that is timed: what most of a request's steps are."""

from __future__ import annotations

from types import CoroutineType, GeneratorType
from typing import Any

from graphql import GraphQLError
from graphql.pyutils import Path

from subgraphs.kit.execution.admission import MOST_CLASSES
from subgraphs.kit.execution.calls import Called
from subgraphs.kit.execution.places import Place, Step
from subgraphs.kit.execution.run import Frame, Pending, Run
from subgraphs.kit.execution.selections import Field
from subgraphs.kit.execution.steps import can_be_looked_at
from subgraphs.kit.execution.timing import Tally

_new: Any = tuple.__new__
"""As in ``places``."""

__all__ = ["timed_call"]


def timed_call(field: Field, called: Called, place: Place, tally: Tally) -> Step:
    """The step of a field whose value is got by calling something that is timed.

    A function, as most of what a step like that costs is what it takes to come to what it knows. Where its own path is of
    use only if something comes of it that is unusual, that is made then.
    """
    key, parent, clock = field.key, field.parent.name, tally.clock
    call, plain = called.call, called.plain
    at_once: set[type] = set()
    """Classes of this field's values that turned out to be nothing to wait for; not all of them, where they are many."""
    usual: type | None = None
    """One of them."""

    def is_awaited(run: Run, value: Any) -> bool:
        """Generators apart, that is for a class to say."""
        if run.executor.is_awaitable(value):
            return True
        if value.__class__ is not GeneratorType:
            nonlocal usual
            usual = value.__class__
            if len(at_once) < MOST_CLASSES:
                at_once.add(usual)
        return False

    def step(run: Run, source: Any, answer: dict[str, Any], path: Path | None, frame: Frame) -> None:
        own_path: Any = _new(Path, (path, key, parent)) if plain is None else None
        watch = run.watch
        tally.executions += 1  # as ``watch.count``, without the call
        watch.called[tally] = True
        began = clock()
        try:
            value = call(run, source, own_path) if plain is None else plain(source)
        except BaseException as error:
            tally.failed(clock() - began, watch.trace)
            if not isinstance(error, Exception):
                raise
            place.failed(run, error, answer, key, own_path or _new(Path, (path, key, parent)))
            return
        try:
            kind = value.__class__
            if (
                kind is not usual
                and kind not in at_once
                and (kind is CoroutineType or is_awaited(run, value))
            ):
                answer[key] = None
                own_path = own_path or _new(Path, (path, key, parent))
                pending = _new(Pending, (value, place, False, answer, key, own_path, frame, tally, began))
                run.met.append(pending)
                return
            if watch.trace is None:  # as ``watch.succeeded``
                tally.took.append(clock() - began)
            else:
                tally.succeeded(clock() - began, watch.trace)
            if (pure := place.pure) is not None:
                try:
                    answer[key] = pure(value)
                    return
                except Exception:  # noqa: S110 # told, exactly, below
                    pass
            own_path = own_path or _new(Path, (path, key, parent))
            place.settle_otherwise(run, value, answer, key, own_path, frame, awaited=True)
        except Exception as error:
            if isinstance(error, GraphQLError) or can_be_looked_at(run, value):
                raise
            place.failed(run, error, answer, key, own_path or _new(Path, (path, key, parent)))

    return step
