"""Running a CompiledOperation: each fetch starts as soon as what it needs is there, by callbacks.

Anything unusual in an answer ends the compiled run; the exact path then answers over the same answers of the
subgraphs, which are kept until the operation is over, so nothing is asked twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gateway import jsontext
from gateway.compiling import CompiledOperation, CompiledStep, Unusual
from gateway.execution.compiled.faults import Fault, told
from gateway.execution.exact.execute import execute
from gateway.execution.request import ExecutionRequest
from gateway.telemetry.fetches import NOT_OBSERVED, FetchEnded, FetchObserver, FetchOutcome, SpanId
from gateway.transport.answers import encode_request, read_reply
from gateway.transport.protocol import (
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    SubgraphUnavailable,
    Tree,
)

__all__ = ["Exactly", "execute_compiled"]

_log = logging.getLogger(__name__)


Exactly: TypeAlias = Callable[[ExecutionRequest], Awaitable[dict[str, Any]]]
"""Answers a request on the exact path."""


async def execute_compiled(
    operation: CompiledOperation, request: ExecutionRequest, exactly: Exactly = execute
) -> dict[str, Any]:
    """Answer a query or a mutation; ``data`` may be an object that only an encoder looks into."""
    run = _Run(operation, request)
    try:
        return await run.answer()
    except (Unusual, msgspec.DecodeError, OverflowError, RecursionError, UnicodeEncodeError):
        return await exactly(await run.left_over())
    except Exception:
        _log.exception("compiled code failed, and the operation is run on the exact path")
        return await exactly(await run.left_over())
    finally:
        run.cancel()


class _Asked(Struct):
    """A fetch in flight."""

    step: CompiledStep
    body: bytes
    groups: Any
    representations: int
    began: float
    span: SpanId
    cancel: Callable[[], None] | None = None


class _Run:
    """One operation under way."""

    def __init__(self, operation: CompiledOperation, request: ExecutionRequest) -> None:
        self._operation = operation
        self._request = request
        self._state = operation.begin()
        self._missing = dict(operation.waits)
        self._left = len(operation.steps)
        self._flying: dict[int, _Asked] = {}
        self._replies: list[tuple[str, bytes, Reply]] = []
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._failed: BaseException | None = None
        self._faults: list[Fault] = []

    async def answer(self) -> dict[str, Any]:
        """The answer. Raises what made the run end early."""
        for step in self._operation.steps:
            if not step.needs and self._failed is None:
                self._launch(step)
        if self._left or self._failed is not None:
            await self._over
        if self._failed is not None:
            raise self._failed
        root = self._state[0]
        errors = {"errors": told(self._faults, root)} if self._faults else {}
        self._operation.finish(self._state)
        self._operation.usage.note(self._operation.packed, self._state)
        return {**errors, "data": root}

    async def left_over(self) -> ExecutionRequest:
        """What the exact path is asked: the same over the answers that are there already, or were under way."""
        while self._flying:
            self._over = asyncio.get_running_loop().create_future()
            await self._over
        replies: dict[tuple[str, bytes], list[Reply]] = {}
        for subgraph, body, reply in self._replies:
            replies.setdefault((subgraph, body), []).append(reply)
        transports = {
            name: _Replaying(name, transport, replies, self._request.observer)
            for name, transport in self._request.transports.items()
        }
        return replace(self._request, transports=transports, observer=NOT_OBSERVED)

    def cancel(self) -> None:
        """End what is in flight: nobody waits for it any more."""
        for asked in self._flying.values():
            if asked.cancel is not None:
                asked.cancel()
            self._request.observer.fetch_ended(_ended(asked, None, "cancelled"))
        self._flying.clear()

    def _launch(self, step: CompiledStep) -> None:
        try:
            self._ask(step)
        except Exception as error:  # the exact path says what is wrong with it
            self._fail(error)

    def _ask(self, step: CompiledStep) -> None:
        sent: Any = None
        groups: Any = None
        if step.is_entity:
            assert step.collect is not None  # noqa: S101
            sent, groups = step.collect(self._state)
            if not sent:
                self._done(step)
                return
        elif step.collect is not None and not step.collect(self._state):
            self._done(step)
            return
        fetch, request = step.fetch, self._request
        transport = request.transports.get(fetch.subgraph)
        if transport is None:
            raise Unusual
        encoded = None if sent is None else jsontext.encode(sent)
        body = step.question.body(request.variables, encoded)
        count = 0 if sent is None else len(sent)
        span = request.observer.fetch_started()
        asked = self._flying[step.number] = _Asked(step, body, groups, count, time.perf_counter(), span)
        prepared = PreparedRequest(
            body,
            request.headers_for(fetch.subgraph, fetch.operation_kind, span),
            fetch.operation_kind,
            lambda headers: self._plain(step, sent, headers),
        )
        asked.cancel = transport.send(prepared, partial(self._landed, asked))

    def _plain(self, step: CompiledStep, sent: Any, headers: Mapping[str, str]) -> SubgraphRequest:
        """The request for a transport that takes no bytes."""
        given = self._request.variables
        variables = {name: given[name] for name in step.fetch.variable_usages if name in given}
        if sent is not None:
            variables[step.fetch.representations] = jsontext.to_builtins(sent)
        return SubgraphRequest(
            query=step.fetch.operation,
            variables=variables,
            operation_name=step.fetch.operation_name,
            kind=step.fetch.operation_kind,
            headers=headers,
        )

    def _landed(self, asked: _Asked, reply: Reply) -> None:
        step = asked.step
        if self._flying.pop(step.number, None) is None:
            return
        asked.cancel = None  # it knows us: without it there is no cycle to collect
        self._replies.append((step.fetch.subgraph, asked.body, reply))
        outcome: FetchOutcome = "unavailable" if isinstance(reply, SubgraphUnavailable) else "errors"
        try:
            if self._failed is None:
                outcome = self._take(asked, reply)
        except Exception as error:  # whatever it is, the exact path judges it
            self._failed = error
        self._request.observer.fetch_ended(_ended(asked, reply, outcome))
        if self._failed is None:
            self._done(step)
        else:
            self._fail(self._failed)

    def _take(self, asked: _Asked, reply: Reply) -> FetchOutcome:
        step = asked.step
        if step.fetch.operation_kind == "mutation":
            self._request.renew()
        if isinstance(reply, SubgraphUnavailable):
            self._note(asked, reply)
            return "unavailable"
        if isinstance(reply, Tree):
            self._operation.usage.trees = True
            answer: Any = step.answer.of_objects(reply.value)
        elif reply.status == 200:
            answer = step.answer.decoder.decode(reply.body)
        else:
            raise Unusual
        if answer.data is None:
            self._note(asked, answer.errors)
        elif step.is_entity:
            step.take(self._state, answer.data.entities, asked.groups)
        else:
            step.take(self._state, answer.data)
        if not answer.errors:
            return "success"
        if answer.data is not None:
            self._note(asked, answer.errors, spoiled=False)
        return "errors"

    def _note(self, asked: _Asked, what: Any, *, spoiled: bool = True) -> None:
        """Something to tell the client; ``spoiled`` where there is no data. Raises Unusual where that is not all."""
        step = asked.step
        nested = bool(step.trails) and not step.is_entity
        if not what or nested or (spoiled and step.strict):
            raise Unusual
        if not isinstance(what, list | SubgraphUnavailable):
            raise Unusual
        self._faults.append(Fault(step, asked.groups or (), what))

    def _done(self, step: CompiledStep) -> None:
        self._left -= 1
        for number in step.wakes:
            self._missing[number] -= 1
            if self._missing[number] == 0 and self._failed is None:
                self._launch(self._operation.by_number[number])
        if self._left == 0:
            self._wake()

    def _fail(self, error: BaseException) -> None:
        self._failed = error
        self._wake()

    def _wake(self) -> None:
        if not self._over.done():
            self._over.set_result(None)


def _ended(asked: _Asked, reply: Reply | None, outcome: FetchOutcome) -> FetchEnded:
    return FetchEnded(
        asked.step.fetch.subgraph,
        asked.began,
        time.perf_counter(),
        outcome,
        asked.representations,
        asked.span,
        0 if reply is None or isinstance(reply, Tree) else reply.status,
        reply.code if isinstance(reply, SubgraphUnavailable) else "",
        asked.step.fetch.operation,
    )


class _Replaying(SubgraphTransport):
    """A transport that gives the answers which are there already, each once, and asks for others."""

    def __init__(
        self,
        name: str,
        transport: SubgraphTransport,
        replies: Mapping[tuple[str, bytes], list[Reply]],
        observer: FetchObserver,
    ) -> None:
        self._name = name
        self._transport = transport
        self._replies = replies
        self._observer = observer

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """The answer kept, or one that is fetched, and observed, now."""
        kept = self._kept(request)
        if kept is not None:
            return read_reply(self._name, kept)
        sent = request.variables.get("representations")
        count = len(sent) if isinstance(sent, list) else 0
        outcome: FetchOutcome = "unavailable"
        status, code = 0, ""
        span = self._observer.fetch_started()
        began = time.perf_counter()
        try:
            answer = await self._transport.execute(request)
            outcome = "errors" if answer.errors or answer.data is None else "success"
            status = answer.status
            return answer
        except SubgraphUnavailable as reason:
            status, code = reason.status, reason.code
            raise
        finally:
            ended = time.perf_counter()
            self._observer.fetch_ended(
                FetchEnded(self._name, began, ended, outcome, count, span, status, code, request.query)
            )

    def _kept(self, request: SubgraphRequest) -> Reply | None:
        try:
            kept = self._replies.get((self._name, encode_request(request)))
        except (TypeError, ValueError, OverflowError):
            return None
        return kept.pop(0) if kept else None

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """No answer to a subscription is ever kept."""
        return self._transport.subscribe(request)

    async def close(self) -> None:
        """Nothing is held."""
