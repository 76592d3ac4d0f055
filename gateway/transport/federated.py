"""Fetches that ask a subgraph for a federated trace beside its answer, and keep what comes.

For the few operations that are looked at so closely: no such fetch is shared with one that asks for none, and a subgraph
may take longer for it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import msgspec

from gateway.telemetry.federated import HEADER, WANTED, FederatedFetch, decoded
from gateway.transport.protocol import (
    Encoded,
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    Tree,
)

__all__ = ["asking"]

_Tell: TypeAlias = Callable[[FederatedFetch], None]


def asking(transports: Mapping[str, SubgraphTransport], tell: _Tell) -> dict[str, SubgraphTransport]:
    """The same transports, for one operation: each answer's trace is told, and it has one or not."""
    return {name: _Asking(name, one, tell) for name, one in transports.items()}


class _Asking(SubgraphTransport):
    def __init__(self, name: str, transport: SubgraphTransport, tell: _Tell) -> None:
        self._name = name
        self._transport = transport
        self._tell = tell
        self.peer = transport.peer

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        asked = msgspec.structs.replace(request, headers=_with_header(request.headers))
        sent = time.perf_counter()

        def landed(reply: Reply) -> None:
            self._took(request.as_objects().query, sent, _told(reply))
            done(reply)

        return self._transport.send(asked, landed)

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        asked = replace(request, headers=_with_header(request.headers))
        sent, told = time.perf_counter(), None
        try:
            answer = await self._transport.execute(asked)
            told = (answer.extensions or {}).get(WANTED)
            return answer
        finally:
            self._took(request.query, sent, told)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """A stream is not traced."""
        return self._transport.subscribe(request)

    def renew(self) -> None:
        self._transport.renew()

    async def close(self) -> None:
        """Nothing is held."""

    def _took(self, document: str, sent: float, told: object) -> None:
        self._tell(FederatedFetch(self._name, document, sent, time.perf_counter(), decoded(told)))


def _with_header(headers: Mapping[str, str]) -> dict[str, str]:
    return {**headers, HEADER: WANTED}


class _Answer(msgspec.Struct):
    extensions: dict[str, Any] | None = None


_DECODER = msgspec.json.Decoder(_Answer)


def _told(reply: Reply) -> object:
    """What an answer has as ``extensions.ftv1``, whatever else it is."""
    extensions: object = None
    if isinstance(reply, Tree) and isinstance(reply.value, dict):
        extensions = reply.value.get("extensions")
    elif isinstance(reply, Encoded):
        try:
            extensions = _DECODER.decode(reply.body).extensions
        except msgspec.DecodeError:
            return None
    return extensions.get(WANTED) if isinstance(extensions, dict) else None
