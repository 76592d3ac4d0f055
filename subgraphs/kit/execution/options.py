"""How the compiled executor is set: switched off, per operation too, bounded, and watched by the stock one."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult

from subgraphs.kit.execution.recording import Recorder

__all__ = ["Difference", "Options", "report_difference"]

_log = logging.getLogger("subgraphs.kit.execution")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a shadow run of the stock executor answered otherwise."""

    operation: str | None
    compiled: ExecutionResult
    stock: ExecutionResult


def report_difference(difference: Difference) -> None:
    """Log that an operation is answered differently, without the answers: they are the callers' data."""
    _log.error(
        "the compiled executor answers the operation %s differently from the stock one; "
        "name it in Options.stock_operations until that is mended",
        difference.operation or "without a name",
    )


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one execution context class. Nothing here changes what is answered."""

    enabled: bool = True
    """False: everything runs on the stock executor."""
    stock_operations: frozenset[str] = field(default_factory=frozenset)
    """Names of operations that run on the stock executor."""
    compile_after: int = 1
    """How often an operation runs on the stock executor before it is compiled."""
    most_fields: int = 2_000
    """An operation with more fields, counted once for each type they are asked of, runs on the stock executor."""
    at_once: int = 250
    """An operation with more fields is compiled in a thread, the stock executor answering meanwhile."""
    deepest: int = 40
    """An operation nested deeper runs on the stock executor."""
    cache_bytes: int = 64 * 1024 * 1024
    """About how much memory the compiled operations of one schema may take."""
    shadow_rate: float = 0.0
    """The share, 0 to 1, of compiled queries that the stock executor runs as well, to compare the answers."""
    draw: Callable[[], float] = field(default=random.random, compare=False)
    """Draws the sample: a number from 0 to 1."""
    trace: Callable[[], str | None] = field(default=lambda: None, compare=False)
    """The trace that the operation about to run is part of, where it is sampled: timed resolvers are told."""
    recorder: Callable[[], Recorder | None] = field(default=lambda: None, compare=False)
    """Who wants to know of each field of the operation about to run; that runs on the stock executor then."""
    event: Callable[[Any, str | None], AbstractContextManager[Any]] = field(
        default=lambda context, name: nullcontext(), compare=False
    )
    """Stands round each event of a subscription, of this context and operation's name."""
    on_difference: Callable[[Difference], None] = field(default=report_difference, compare=False)
    """Told of each difference that a shadow run finds."""
