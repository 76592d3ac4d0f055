"""One operation of one caller, by whatever transport it came: prepared, executed, counted."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from gateway.config import GatewaySettings
from gateway.edge.engine import Engine, HeadersFor, Prepared
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.edge.identity.access import Access
from gateway.edge.identity.authorization import granted_to
from gateway.edge.identity.caller import Caller
from gateway.edge.identity.signing import IdentitySigner
from gateway.edge.operations.parameters import Parameters
from gateway.edge.operations.persisted import PersistedQueries
from gateway.execution import Format, federated_trace
from gateway.supergraph import Granted
from gateway.telemetry.federated import HEADER, WANTED
from gateway.telemetry.fetches import SpanId
from gateway.telemetry.metrics import CANCELLED, GatewayMetrics, gravest
from gateway.telemetry.tracing import FederatedOperation, OperationTrace, Trace, Tracing
from gateway.telemetry.tracing.documents import without_values
from gateway.telemetry.tracing.words import in_words

__all__ = ["Ended", "Operations"]

Ended: TypeAlias = Callable[[Prepared, OperationTrace], None]
"""Told of each query and mutation whose answer is whole; called between two answers, so it has to be quick."""

_log = logging.getLogger(__name__)
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_INTERNAL = "INTERNAL_SERVER_ERROR"
_MASKED = {"message": "Internal server error", "extensions": {"code": _INTERNAL}}


class Operations:
    """What the HTTP, WebSocket and event-stream doors have in common."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        access: Access,
        signer: IdentitySigner | None,
        metrics: GatewayMetrics,
        settings: GatewaySettings,
        tracing: Tracing,
        ended: Ended | None = None,
        closely: Callable[[Caller], bool] = lambda caller: False,
    ) -> None:
        """``closely``: whose operations are looked at field by field where a share of all is (``federated_traces``)."""
        self._settings = settings
        self._engine = engine
        self._signer = signer
        self._metrics = metrics
        self._persisted = PersistedQueries()
        self.access = access
        self.tracing = tracing
        self._tell = ended
        self._federates = settings.federated_traces != "none"
        self._samples = settings.federated_traces == "sampled"
        self._closely = closely

    def record(
        self, trace: Trace, caller: Caller, headers: Mapping[str, str] = _NO_HEADERS
    ) -> OperationTrace:
        """The record of an operation that begins now; ``headers`` are its client's."""
        if self._federates:
            asked = headers.get(HEADER) == WANTED
            if asked or (self._samples and (trace.sampled or self._closely(caller))):
                return FederatedOperation(trace, asked=asked)
        return OperationTrace(trace)

    async def prepare(
        self, parameters: Parameters, caller: Caller, record: OperationTrace, *, defer: bool = False
    ) -> Prepared:
        """``defer``: whoever asks takes answers in parts. Raises DocumentRefused, RequestRefused."""
        try:
            text = self._persisted.text(parameters)
            engine = self._engine()
            granted = granted_to(caller, self._settings) if engine.authorizes else Granted()
            prepared = await engine.preparation.prepare(
                text, parameters.operation_name, defer=defer, granted=granted, phase=record.phase
            )
        except (DocumentRefused, RequestRefused) as refused:
            record.refused(refused.code)
            self._count(refused.code)
            self._metrics.failed(refused.code)
            raise
        record.prepared(prepared.kind, prepared.name, prepared.engine.peers)
        return prepared

    async def execute(
        self, prepared: Prepared, variables: Mapping[str, Any], caller: Caller, record: OperationTrace
    ) -> dict[str, Any]:
        """Answer a query or a mutation; what fails unforeseen is masked and logged.

        Raises DocumentRefused, and RequestRefused where too much is under way.
        """
        began = time.perf_counter()
        failed = CANCELLED
        record.executed = began
        try:
            headers_for = self._headers_for(caller, record.trace)
            federated = record.federated
            answer = await prepared.engine.execute(prepared, variables, headers_for, record, federated)
            failed = self._counted(answer)
            if federated is not None and record.asked:
                trace = federated_trace(prepared.plan, federated, began, answer)
                answer = {**answer, "extensions": {WANTED: trace}}
        except (DocumentRefused, RequestRefused) as refused:
            failed = refused.code
            self._count(refused.code)
            raise
        except Exception:
            _log.exception("operation %s failed", prepared.name)
            failed = _INTERNAL
            self._count(failed)
            answer = {"errors": [_MASKED], "data": None}
        finally:
            self._ended(prepared, record, failed)
        return answer

    async def stream(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        caller: Caller,
        record: OperationTrace,
        format_: Format,
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a query or a mutation in parts, the last of which says so.

        Raises DocumentRefused on the first step, and RequestRefused where too much is under way.
        """
        record.executed = time.perf_counter()
        failed = CANCELLED
        headers_for = self._headers_for(caller, record.trace)
        answers = prepared.engine.stream(prepared, variables, headers_for, format_, record)
        try:
            async with contextlib.aclosing(answers):  # type: ignore[type-var] # an async generator
                async for answer in answers:
                    failed = self._counted_in_parts(answer)
                    yield answer
        except (DocumentRefused, RequestRefused) as refused:
            failed = refused.code
            self._count(refused.code)
            raise
        except Exception:
            _log.exception("operation %s failed", prepared.name)
            failed = _INTERNAL
            self._count(failed)
            yield {"errors": [_MASKED], "hasNext": False}
        finally:
            self._ended(prepared, record, failed)

    async def subscribe(
        self, prepared: Prepared, variables: Mapping[str, Any], caller: Caller, record: OperationTrace
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a subscription, an answer an event, each with spans of its own. Raises DocumentRefused on the first step."""
        self._metrics.subscriptions.inc()
        lost = ""
        try:
            headers_for = self._headers_for(caller, record.trace)
            events = prepared.engine.subscribe(prepared, variables, headers_for, record)
            try:
                async for event in events:
                    failed = self._counted(event)
                    record.event_ended(failed)
                    self._settle(prepared, record)
                    if self._settings.measure:
                        self._metrics.fetched(record)
                    self.tracing.finish_event(record)
                    yield event
            finally:
                await events.aclose()  # type: ignore[attr-defined] # an async generator
        except DocumentRefused as refused:
            lost = refused.code
            raise
        except Exception:
            _log.exception("subscription %s failed", prepared.name)
            lost = _INTERNAL
            self._count(lost)
            yield {"errors": [_MASKED], "data": None}
        finally:
            record.event_ended(lost)  # the stream's own fetch, which its events hang on
            self.tracing.settle(record.trace, record.ended, record.ended, failed=bool(lost))
            if self._settings.measure:
                self._metrics.fetched(record)
            self._metrics.subscriptions.dec()

    def _headers_for(self, caller: Caller, trace: Trace) -> HeadersFor:
        def headers(subgraph: str, kind: Any, span: SpanId) -> Mapping[str, str]:
            told = trace.headers(span)
            if self._signer is not None:
                told.update(self._signer.headers(caller, subgraph, kind))
            return told

        return headers

    def _ended(self, prepared: Prepared, record: OperationTrace, failed: str) -> None:
        record.end(failed)
        self._settle(prepared, record)
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s", in_words(record))
        if self._settings.measure:
            self._metrics.ended(record)
            if self._tell is not None:
                self._tell(prepared, record)

    def _settle(self, prepared: Prepared, record: OperationTrace) -> None:
        kept = self.tracing.settle(
            record.trace, record.executed, record.ended, failed=record.error not in ("", CANCELLED)
        )
        if kept and self._settings.trace_documents and prepared.document.loc is not None:
            record.document = without_values(prepared.document.loc.source.body)

    def _counted_in_parts(self, answer: Mapping[str, Any]) -> str:
        parts = [answer, *answer.get("incremental", ()), *answer.get("completed", ())]
        return gravest([code for part in parts if (code := self._counted(part))])

    def _counted(self, answer: Mapping[str, Any]) -> str:
        """The code of the gravest error; empty where there is none."""
        codes = [
            str((error.get("extensions") or {}).get("code", "UNKNOWN"))[:64]
            for error in answer.get("errors") or ()
        ]
        for code in codes:
            self._count(code)
        return gravest(codes)

    def _count(self, code: str) -> None:
        self._metrics.errors.labels("gateway", self._metrics.code_label(code)).inc()
