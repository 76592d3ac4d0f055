"""Answers that arrive in a chosen order: each is held until nothing else is left to do, and then one is let go."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from gateway.transport.answers import encode_request, read_body
from gateway.transport.protocol import (
    Encoded,
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    SubgraphUnavailable,
    Tree,
)

__all__ = ["Arrivals", "Held", "orders"]

T = TypeVar("T")


class Arrivals:
    """What is under way. Whenever the loop would wait, the answer chosen by ``order`` arrives.

    ``order``: for each arrival which of those under way it is; the first once it is used up. ``choices``: of how
    many each was one.
    """

    def __init__(self, order: tuple[int, ...] = ()) -> None:
        self.order = order
        self.choices: list[int] = []
        self.asked: list[str] = []
        self._waiting: dict[int, Callable[[], None]] = {}
        self._count = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` on a loop of its own."""
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_Idle(self._arrive))) as runner:
            return runner.run(work)

    def hold(self, arrive: Callable[[], None]) -> Callable[[], None]:
        """Something is under way; what is returned ends it."""
        self._count += 1
        number = self._count
        self._waiting[number] = arrive
        return lambda: self._forget(number)

    def _forget(self, number: int) -> None:
        self._waiting.pop(number, None)

    def _arrive(self) -> bool:
        if not self._waiting:
            return False
        turn = len(self.choices)
        self.choices.append(len(self._waiting))
        number = list(self._waiting)[self.order[turn] if turn < len(self.order) else 0]
        self._waiting.pop(number)()
        return True


class _Idle(selectors.DefaultSelector):
    """A selector that, where it would wait, has something arrive instead."""

    def __init__(self, arrive: Callable[[], bool]) -> None:
        super().__init__()
        self._arrive = arrive

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            return [] if self._arrive() else super().select(timeout)
        return super().select(timeout)


def orders(run: Callable[[tuple[int, ...]], Arrivals], most: int) -> Iterator[Arrivals]:
    """Every order in which answers can arrive, one run each, up to ``most``."""
    order: tuple[int, ...] | None = ()
    while order is not None and most > 0:
        done = run(order)
        yield done
        most -= 1
        order = _next(order, done.choices)


def _next(order: tuple[int, ...], choices: list[int]) -> tuple[int, ...] | None:
    taken = [*order, *[0] * (len(choices) - len(order))]
    for turn in reversed(range(len(choices))):
        if taken[turn] + 1 < choices[turn]:
            return (*taken[:turn], taken[turn] + 1)
    return None


@dataclass
class Held(SubgraphTransport):
    """A subgraph whose answers, ``bodies`` by HTTP, are held; as objects where ``trees`` says so."""

    name: str
    bodies: Callable[[bytes], Encoded]
    arrivals: Arrivals
    trees: bool = False

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        given = self._answered(request.body)
        reply: Reply = given
        if self.trees:
            reply = _as_tree(self.name, given)
        return self.arrivals.hold(lambda: done(reply))

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        given = self._answered(encode_request(request))
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        cancel = self.arrivals.hold(lambda: arrived.set_result(None))
        try:
            await arrived
        finally:
            cancel()
        return read_body(self.name, given.status, given.body)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is held."""

    def _answered(self, body: bytes) -> Encoded:
        self.arrivals.asked.append(f"{self.name} {body.decode()}")
        return self.bodies(body)


def _as_tree(name: str, given: Encoded) -> Reply:
    try:
        answer = read_body(name, given.status, given.body)
    except SubgraphUnavailable as reason:
        return reason
    return Tree(
        {"data": answer.data, "errors": list(answer.errors)} if answer.errors else {"data": answer.data}
    )
