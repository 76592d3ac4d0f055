"""One operation of one caller, by whatever transport it came: prepared, executed, counted."""

from __future__ import annotations

import contextlib
import logging
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.config import GatewaySettings
from gateway.edge.access import Access, Caller, IdentitySigner
from gateway.edge.authorization import granted_to
from gateway.edge.engine import Engine, HeadersFor, Prepared
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.edge.parameters import Parameters
from gateway.edge.persisted import PersistedQueries
from gateway.execution import Format
from gateway.telemetry.metrics import GatewayMetrics

__all__ = ["Operations", "Trace"]

_log = logging.getLogger(__name__)
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_MASKED = {"message": "Internal server error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}


@dataclass(frozen=True, slots=True)
class Trace:
    """The W3C trace context passed on to the subgraphs."""

    traceparent: str

    @classmethod
    def of(cls, traceparent: str | None) -> Trace:
        """The client's, or a new one."""
        if traceparent and _TRACEPARENT.fullmatch(traceparent):
            return cls(traceparent)
        made = f"{random.getrandbits(192):048x}"
        return cls(f"00-{made[:32]}-{made[32:]}-00")


class Operations:
    """What the HTTP, WebSocket and event-stream doors have in common."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        access: Access,
        signer: IdentitySigner | None,
        metrics: GatewayMetrics,
        settings: GatewaySettings,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._signer = signer
        self._metrics = metrics
        self._persisted = PersistedQueries()
        self.access = access

    async def prepare(self, parameters: Parameters, caller: Caller, *, defer: bool = False) -> Prepared:
        """``defer``: whoever asks takes answers in parts. Raises DocumentRefused, RequestRefused."""
        try:
            text = self._persisted.text(parameters)
            granted = granted_to(caller, self._settings)
            return await self._engine().prepare(text, parameters.operation_name, defer=defer, granted=granted)
        except DocumentRefused as refused:
            self._count(refused.code)
            raise
        except RequestRefused as refused:
            self._count(refused.code)
            raise

    async def execute(
        self, prepared: Prepared, variables: Mapping[str, Any], caller: Caller, trace: Trace
    ) -> dict[str, Any]:
        """Answer a query or a mutation; what fails unforeseen is masked and logged. Raises DocumentRefused."""
        began = time.perf_counter()
        outcome = "error"
        try:
            headers_for = self._headers_for(caller, trace)
            answer = await prepared.engine.execute(prepared, variables, headers_for)
            outcome = self._outcome(answer)
        except DocumentRefused as refused:
            self._count(refused.code)
            raise
        except Exception:
            _log.exception("operation %s failed", prepared.name)
            self._count("INTERNAL_SERVER_ERROR")
            answer = {"errors": [_MASKED], "data": None}
        finally:
            self._timed(prepared, outcome, began)
        return answer

    async def stream(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        caller: Caller,
        trace: Trace,
        format_: Format,
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a query or a mutation in parts, the last of which says so. Raises DocumentRefused on the first step."""
        began = time.perf_counter()
        outcome = "error"
        answers = prepared.engine.stream(prepared, variables, self._headers_for(caller, trace), format_)
        try:
            async with contextlib.aclosing(answers):  # type: ignore[type-var] # an async generator
                async for answer in answers:
                    outcome = self._outcome_of_parts(answer)
                    yield answer
        except DocumentRefused as refused:
            self._count(refused.code)
            raise
        except Exception:
            _log.exception("operation %s failed", prepared.name)
            self._count("INTERNAL_SERVER_ERROR")
            yield {"errors": [_MASKED], "hasNext": False}
        finally:
            self._timed(prepared, outcome, began)

    async def subscribe(
        self, prepared: Prepared, variables: Mapping[str, Any], caller: Caller, trace: Trace
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a subscription, an answer an event. Raises DocumentRefused on the first step."""
        self._metrics.subscriptions.inc()
        try:
            headers_for = self._headers_for(caller, trace)
            events = prepared.engine.subscribe(prepared, variables, headers_for)
            try:
                async for event in events:
                    self._outcome(event)
                    yield event
            finally:
                await events.aclose()  # type: ignore[attr-defined] # an async generator
        except DocumentRefused:
            raise
        except Exception:
            _log.exception("subscription %s failed", prepared.name)
            self._count("INTERNAL_SERVER_ERROR")
            yield {"errors": [_MASKED], "data": None}
        finally:
            self._metrics.subscriptions.dec()

    def _headers_for(self, caller: Caller, trace: Trace) -> HeadersFor:
        def headers(subgraph: str, kind: Any) -> Mapping[str, str]:
            signed = self._signer.headers(caller, subgraph, kind) if self._signer else {}
            return {"traceparent": trace.traceparent, **signed}

        return headers

    def _timed(self, prepared: Prepared, outcome: str, began: float) -> None:
        if self._settings.measure:
            name = self._metrics.operation_label(prepared.name)
            labels = self._metrics.operation_duration.labels(name, prepared.kind, outcome)
            labels.observe(time.perf_counter() - began)

    def _outcome_of_parts(self, answer: Mapping[str, Any]) -> str:
        parts = [answer, *answer.get("incremental", ()), *answer.get("completed", ())]
        outcomes = [self._outcome(part) for part in parts]
        return "error" if "error" in outcomes else "ok"

    def _outcome(self, answer: Mapping[str, Any]) -> str:
        errors = answer.get("errors") or ()
        for error in errors:
            self._count(str((error.get("extensions") or {}).get("code", "UNKNOWN"))[:64])
        return "error" if errors else "ok"

    def _count(self, code: str) -> None:
        self._metrics.errors.labels("gateway", code).inc()
