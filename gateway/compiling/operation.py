"""A compiled operation: for each fetch what to send, how to decode the answer, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gateway import jsontext
from gateway.compiling.analysis.packing import Usage
from gateway.compiling.analysis.shape import Place
from gateway.compiling.types.structs import AnswerType
from gateway.compiling.types.trails import Trail
from gateway.planning.plan import FetchNode

__all__ = ["CompiledOperation", "CompiledStep", "Question", "State"]

State = list[Any]
"""The answer so far: its root first, then what compiled code keeps of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A fetch's request body in parts: before the variables, and after the last of them."""

    head: bytes
    variables: tuple[tuple[str, bytes], ...]
    """Names of the client's variables that are passed on, each with what comes before its value."""
    representations: bytes
    """What comes before the representations."""
    tail: bytes

    def body(self, given: Mapping[str, Any], representations: bytes | None) -> bytes:
        """The whole body, as the exact path would encode it. Raises TypeError, ValueError, OverflowError."""
        if representations is not None and not self.variables:  # nearly all fetches of entities
            return b"".join(
                (self.head, b',"variables":{', self.representations, representations, b"}", self.tail)
            )
        parts = [name + jsontext.encode(given[key]) for key, name in self.variables if key in given]
        if representations is not None:
            parts.append(self.representations + representations)
        if not parts:
            return self.head + self.tail
        return self.head + b',"variables":{' + b",".join(parts) + b"}" + self.tail


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """One fetch. ``needs`` are the numbers of the steps it waits for, ``wakes`` of those that wait for it."""

    number: int
    fetch: FetchNode
    needs: frozenset[int]
    wakes: tuple[int, ...]
    question: Question
    collect: Callable[[State], Any] | None
    """None for fetches of the root. Of entities: representations and the objects they stand for."""
    take: Callable[..., None]
    answer: AnswerType
    strict: bool
    """Whether the response is not as it should be where the answer has no data."""
    trails: tuple[Trail, ...]
    """Where its objects are; none for the root."""

    @property
    def is_entity(self) -> bool:
        return bool(self.fetch.requires)


@dataclass(frozen=True, eq=False)
class CompiledOperation:
    """An operation under certain values of its conditions; equal to none but itself."""

    steps: tuple[CompiledStep, ...]
    begin: Callable[[], State]
    finish: Callable[[State], None]
    packed: Mapping[Place, int] = field(default_factory=dict)
    """What is told apart by its bytes, and where in the state."""
    candidates: frozenset[Place] = frozenset()
    """What could be."""
    usage: Usage = field(default_factory=Usage)

    @cached_property
    def by_number(self) -> Mapping[int, CompiledStep]:
        """The steps by their numbers."""
        return {step.number: step for step in self.steps}

    @cached_property
    def subgraphs(self) -> tuple[str, ...]:
        """All that it asks, each once."""
        return tuple(dict.fromkeys(step.fetch.subgraph for step in self.steps))

    @cached_property
    def waits(self) -> Mapping[int, int]:
        """For how many steps each one waits."""
        return {step.number: len(step.needs) for step in self.steps}
