"""Puts a snapshot together from this process and those behind it, as often as there is something new."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Protocol

import msgspec

from gateway.edge.access import Caller, IdentitySigner
from gateway.edge.errors import RequestRefused
from gateway.transport import HttpClient, HttpFailure
from infra.ops.ask import Ask, Part
from infra.ops.operation_times import OperationTimes
from infra.ops.part import part_of, window_of
from infra.ops.recorder import Recorder
from infra.ops.snapshot import Gateway, OpsSnapshot, snapshot
from infra.ops.table import column_seconds, totals
from infra.ops.waterfall import lines
from infra.tracing import RecentTraces

__all__ = ["PART_PATH", "Check", "Ops", "Process", "RemoteProcess"]

_log = logging.getLogger("lets_connect.ops")

PART_PATH = "/ops/part"
"""Where a service tells its part to the gateway."""
_PATIENCE = 2.0
"""Seconds for a service to say how it is."""

Check = Callable[[], Awaitable[None]]
"""Raises where a service is not ready."""


class Process(Protocol):
    """Another process of the product."""

    async def part(self, ask: Ask, caller: Caller) -> Part | None:
        """What it knows; None where it does not say."""
        ...


class RemoteProcess:
    """A service of ``up --split``, asked with the identity of the operator who watches."""

    def __init__(self, name: str, client: HttpClient, signer: IdentitySigner) -> None:
        self._name = name
        self._client = client
        self._signer = signer

    async def part(self, ask: Ask, caller: Caller) -> Part | None:
        headers = self._signer.headers(caller, self._name, "query") | {"content-type": "application/json"}
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._client.request("POST", PART_PATH, headers, msgspec.json.encode(ask))
            return msgspec.json.decode(answer.body, type=Part) if answer.status == 200 else None
        except (TimeoutError, HttpFailure):
            return None
        except msgspec.DecodeError as error:
            _log.warning("the %s service's part of the operators' page cannot be read: %s", self._name, error)
            return None


class Ops:
    """The product's operators' page, without its door."""

    def __init__(
        self,
        recorder: Recorder,
        recent: RecentTraces,
        times: OperationTimes,
        checks: Mapping[str, Check],
        others: Mapping[str, Process],
    ) -> None:
        self._recorder = recorder
        self._recent = recent
        self._times = times
        self._checks = checks
        self._others = others
        self._watchers = 0

    async def snapshot(self, ask: Ask, operation: str, caller: Caller) -> OpsSnapshot:
        """As of now; ``operation``: whose plan is shown, the slowest one's where it is empty."""
        why = await _why_away(self._checks)
        gateway = await asyncio.to_thread(self._gateway, why)
        slowest = gateway.traces[0].id if gateway.traces else ""
        asked = msgspec.structs.replace(ask, trace=ask.trace or slowest)
        own, *others = await asyncio.gather(
            asyncio.to_thread(part_of, self._recorder, self._recent, asked),
            *(process.part(asked, caller) for process in self._others.values()),
        )
        parts = {"gateway": own, **dict(zip(self._others, others, strict=True))}
        width = column_seconds(self._recorder.rules.minutes)
        return await asyncio.to_thread(snapshot, gateway, parts, asked, operation, width)

    async def watch(self, ask: Ask, operation: str, caller: Caller) -> AsyncIterator[OpsSnapshot]:
        """One now and one after each look. Raises RequestRefused where too many watch."""
        with self._place():
            while True:
                turn = asyncio.ensure_future(self._recorder.next())
                try:
                    yield await self.snapshot(ask, operation, caller)
                    await turn
                finally:
                    turn.cancel()

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if self._watchers >= self._recorder.rules.watchers:
            raise RequestRefused(429, "TOO_MANY_WATCHERS", "As many operators watch as may.")
        self._watchers += 1
        try:
            yield
        finally:
            self._watchers -= 1

    def _gateway(self, why: Mapping[str, str]) -> Gateway:
        frames = self._recorder.frames()
        window = window_of(frames, self._recorder.rules.window)
        return Gateway(
            at=frames[-1].at if frames else self._recorder.now(),
            operations=totals(frame.operations for frame in window),
            fetches=totals(frame.fetches for frame in window),
            times=self._times,
            traces=lines(self._recent.latest()),
            ready=why,
        )


async def _why_away(checks: Mapping[str, Check]) -> dict[str, str]:
    """Each service with why it is not ready; empty where it is."""

    async def why(check: Check) -> str:
        try:
            await asyncio.wait_for(check(), _PATIENCE)
        except TimeoutError:
            return f"It did not answer within {_PATIENCE:g} seconds."
        except Exception as error:
            return str(error)
        return ""

    told = await asyncio.gather(*(why(check) for check in checks.values()))
    return dict(zip(checks, told, strict=True))
