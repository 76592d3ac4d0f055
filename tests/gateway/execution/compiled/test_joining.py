"""Equal operations under way at the same time run once, and nobody gets another's answer."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import msgspec
import pytest

from gateway.compiling import CompiledOperation, compile_operation
from gateway.execution import ExecutionRequest, JointRuns
from gateway.jsontext import encode
from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.tracing import OperationTrace, Trace
from gateway.telemetry.tracing.context import TraceContext
from gateway.transport.protocol import (
    Encoded,
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
)
from tests.gateway.execution.bookshop import SUPERGRAPH, Bookshop, Observed

_BOOKS = "query ($first: Int) { newBooks(first: $first) { title opinions { text } } }"
_RENAME = 'mutation { rename(name: "Ada") { name } }'
_BOOK = {"__typename": "Book", "isbn": "1", "title": "Emma"}
_ANSWER = {"data": {"newBooks": [{"title": "Emma", "opinions": [{"text": "good"}]}]}}


class _Held(SubgraphTransport):
    """Answers when it is told to. It knows whether it was told to stop."""

    def __init__(self, *, shares: bool = True) -> None:
        self.shares = shares
        self.waiting: list[Callable[[Reply], None]] = []
        self.asked = 0
        self.sent = asyncio.Event()
        self.cancelled = asyncio.Event()

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        self.asked += 1
        self.waiting.append(done)
        self.sent.set()
        return self.cancelled.set

    def answer(self, data: Any, *errors: Any) -> None:
        """Answer all that wait."""
        waiting, self.waiting = self.waiting, []
        said = {"data": data, "errors": errors} if errors else {"data": data}
        for done in waiting:
            done(Encoded(200, json.dumps(said).encode()))

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """The exact path asks for what it has not got: the opinions."""
        self.asked += 1
        return SubgraphAnswer({"_entities": [{"opinions": [{"text": "good"}]}]})

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        raise AssertionError("nobody subscribes")

    async def close(self) -> None:
        """Nothing is held."""


class _Gateway:
    def __init__(self, *, shares: bool = True) -> None:
        self.books, self.opinions = _Held(shares=shares), _Held(shares=shares)
        self.people = _Held(shares=shares)
        held = {"books": self.books, "opinions": self.opinions, "people": self.people}
        self.shop = Bookshop({}, transports=held)
        self.orphans: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.runs = JointRuns(self._orphaned)
        self.observers: list[Any] = []
        self.observed_by: Callable[[], Any] = Observed
        self.compiled: dict[str, tuple[ExecutionRequest, CompiledOperation]] = {}

    def _orphaned(self, fetches: Sequence[FetchEnded]) -> None:
        for fetch in fetches:
            self.orphans.put_nowait((fetch.subgraph, fetch.outcome))

    async def begin(
        self,
        query: str = _BOOKS,
        variables: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> asyncio.Task[bytes]:
        """An operation under way; ended, what is sent to its client."""
        if query not in self.compiled:
            asked = self.shop.request(query)
            plan = compile_operation(SUPERGRAPH, asked.document, asked.operation, asked.plan, {})
            self.compiled[query] = asked, plan
        asked, plan = self.compiled[query]
        observer = self.observed_by()
        self.observers.append(observer)
        request = msgspec.structs.replace(
            asked, variables=variables or {}, headers_for=lambda *_: headers or {}, observer=observer
        )

        async def answered() -> bytes:
            return encode(await self.runs.execute(plan, request))

        task = asyncio.create_task(answered())
        for _ in range(3):  # until its first fetches are sent: nothing else is ready to run
            await asyncio.sleep(0)
        return task

    async def finish(self) -> None:
        """Answer all that is asked."""
        self.books.answer({"newBooks": [_BOOK]})
        self.opinions.answer({"_entities": [{"opinions": [{"text": "good"}]}]})


async def test_equal_operations_run_once_and_each_is_told_of_the_fetches() -> None:
    gateway = _Gateway()
    tasks = [await gateway.begin() for _ in range(3)]
    await gateway.finish()
    assert [json.loads(await task) for task in tasks] == [_ANSWER] * 3
    assert (gateway.books.asked, gateway.opinions.asked) == (1, 1)
    assert [one.finished for one in gateway.observers] == [
        [("books", "success", 0), ("opinions", "success", 1)]
    ] * 3


async def test_their_answer_has_the_bytes_of_one_that_runs_alone() -> None:
    alone, together = _Gateway(), _Gateway()
    one = await alone.begin()
    several = [await together.begin() for _ in range(2)]
    for gateway in (alone, together):
        await gateway.finish()
    assert {await task for task in several} == {await one}


async def test_one_that_was_read_in_the_turn_of_the_first_answer_joins_whichever_was_read_first() -> None:
    gateway = _Gateway()
    first = await gateway.begin()
    gateway.books.answer({"newBooks": [_BOOK]})
    second = await gateway.begin()  # as a protocol begins it, called by the loop after that answer's
    await gateway.finish()
    assert json.loads(await first) == json.loads(await second) == _ANSWER
    assert gateway.books.asked == 1


async def test_one_that_comes_after_the_turn_of_the_first_answer_runs_by_itself() -> None:
    gateway = _Gateway()
    first = await gateway.begin()
    gateway.books.answer({"newBooks": [_BOOK]})
    for _ in range(2):
        await asyncio.sleep(0)
    second = await gateway.begin()
    assert gateway.books.asked == 2
    gateway.books.answer({"newBooks": []})
    await gateway.finish()
    assert json.loads(await first) == _ANSWER
    assert json.loads(await second) == {"data": {"newBooks": []}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"variables": {"first": 1}}, {"variables": {"first": 2}}),
        ({"variables": {}}, {"variables": {"first": None}}),
        ({"headers": {"authorization": "Bearer ada"}}, {"headers": {"authorization": "Bearer bob"}}),
        ({"headers": {}}, {"headers": {"authorization": "Bearer bob"}}),
        ({"headers": {"traceparent": "00-1-2-01"}}, {"headers": {"traceparent": "00-3-4-00"}}),
        ({"query": _BOOKS}, {"query": _BOOKS.replace("text", "id")}),
        ({"query": _RENAME}, {"query": _RENAME}),
    ],
    ids=["values", "null is a value", "callers", "nobody", "a kept trace", "documents", "mutations"],
)
async def test_what_is_not_equal_or_has_effects_runs_by_itself(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    gateway = _Gateway()
    tasks = [await gateway.begin(**one), await gateway.begin(**other)]
    assert gateway.books.asked + gateway.people.asked == 2
    for task in tasks:
        task.cancel()


async def test_traces_that_are_treated_alike_make_no_difference() -> None:
    gateway = _Gateway()
    tasks = [
        await gateway.begin(headers={"traceparent": f"00-{n}-{n}-00", "tracestate": f"a={n}"})
        for n in range(2)
    ]
    assert gateway.books.asked == 1
    await gateway.finish()
    assert len({await task for task in tasks}) == 1


async def test_nothing_is_joined_where_fetches_are_not_shared() -> None:
    gateway = _Gateway(shares=False)
    tasks = [await gateway.begin() for _ in range(2)]
    await gateway.finish()
    assert [json.loads(await task) for task in tasks] == [_ANSWER] * 2
    assert gateway.books.asked == 2


async def test_a_run_goes_on_without_the_one_that_began_it_and_ends_with_the_last() -> None:
    gateway = _Gateway()
    first, second, third = [await gateway.begin() for _ in range(3)]
    first.cancel()
    await asyncio.wait([first])
    assert not gateway.books.cancelled.is_set()
    await gateway.finish()
    assert json.loads(await second) == json.loads(await third) == _ANSWER
    last = await gateway.begin()
    last.cancel()
    await asyncio.wait([last])
    await gateway.books.cancelled.wait()
    again = await gateway.begin()
    await gateway.finish()
    assert json.loads(await again) == _ANSWER


def _own(record: OperationTrace) -> list[tuple[str, str]]:
    return [(fetch.subgraph, fetch.outcome) for fetch in record.own_fetches]


async def test_each_fetch_is_one_operations_own_also_where_the_one_that_began_the_run_leaves() -> None:
    gateway = _Gateway()
    gateway.observed_by = lambda: OperationTrace(Trace(TraceContext.new(), recorded=True, sampled=False))
    first, second, third = [await gateway.begin() for _ in range(3)]
    gateway.books.answer({"newBooks": [_BOOK]})
    await gateway.opinions.sent.wait()
    first.cancel()
    await asyncio.wait([first])
    await gateway.finish()
    assert json.loads(await second) == json.loads(await third) == _ANSWER
    records = gateway.observers
    assert [_own(one) for one in records] == [[("books", "success")], [("opinions", "success")], []]
    assert [[fetch.subgraph for fetch in one.fetches] for one in records[1:]] == [["books", "opinions"]] * 2
    assert gateway.orphans.empty()


@pytest.mark.parametrize("together", [1, 2])
async def test_what_is_under_way_when_the_last_one_leaves_is_told_all_the_same(together: int) -> None:
    gateway = _Gateway()
    tasks = [await gateway.begin() for _ in range(together)]
    for task in tasks:
        task.cancel()
        await asyncio.wait([task])
    await gateway.books.cancelled.wait()
    assert await gateway.orphans.get() == ("books", "cancelled")
    assert [one.finished for one in gateway.observers] == [[]] * together


async def test_what_the_exact_path_has_to_answer_it_answers_once_for_all() -> None:
    gateway = _Gateway()
    tasks = [await gateway.begin() for _ in range(3)]
    gateway.books.answer({"newBooks": [{**_BOOK, "title": ["not", "a", "title"]}]})
    answers = {await task for task in tasks}
    assert len(answers) == 1
    (error,) = json.loads(answers.pop())["errors"]
    assert error["path"] == ["newBooks", 0, "title"]
    assert (gateway.books.asked, gateway.opinions.asked) == (1, 1)


async def test_an_answer_that_was_sent_is_freed_without_the_collector() -> None:
    gateway = _Gateway()
    gc.collect()
    gc.disable()
    try:
        tasks = [await gateway.begin() for _ in range(2)]
        await gateway.finish()
        await asyncio.gather(*tasks)
        of_runs = [one for one in gc.get_objects() if type(one).__module__ == JointRuns.__module__]
        assert [one for one in of_runs if type(one) is not JointRuns] == []
    finally:
        gc.enable()
