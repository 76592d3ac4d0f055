"""Federated tracing, version 1: what Apollo's gateways and Studio ask of a subgraph, field by field.

A gateway sends ``apollo-federation-include-trace: ftv1`` and finds a base64 protobuf ``Trace`` in
``extensions.ftv1`` (https://www.apollographql.com/docs/federation/metrics/; the messages and their numbers are
those of Apollo's public ``reports.proto``). The subgraph's part of that is a dozen fields, written here by hand.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from graphql import GraphQLResolveInfo

__all__ = ["HEADER", "FederatedTrace"]

HEADER: Final = "apollo-federation-include-trace"
_MOST_FIELDS: Final = 10_000
"""Of one trace; a larger answer's other fields are left out of it."""


class _Node:
    """A field or an item of the answer, with what was found below it."""

    __slots__ = ("children", "content")

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.children: dict[str | int, _Node] = {}

    def encoded(self) -> bytes:
        return self.content + b"".join(_bytes(12, child.encoded()) for child in self.children.values())


class FederatedTrace:
    """The recorder of one operation's fields (``kit.execution.recorded_by``)."""

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, now: Callable[[], int] = time.time_ns
    ) -> None:
        self.clock = clock
        self._began_at = now()
        self._began = clock()
        self._root = _Node(b"")
        self._fields = 0

    @classmethod
    def asked_for(cls, headers: Mapping[str, str]) -> FederatedTrace | None:
        """One, where the gateway asks. ``headers`` have lower-case names."""
        return cls() if headers.get(HEADER) == "ftv1" else None

    def field(
        self, info: GraphQLResolveInfo[Any], began: float, ended: float, error: BaseException | None
    ) -> None:
        """A field's types and times; its error is told when it is known as it is answered."""
        if self._fields >= _MOST_FIELDS:
            return
        self._fields += 1
        path = info.path.as_list()
        original = b"" if path[-1] == info.field_name else _text(14, info.field_name)
        self._node(path).content += (
            _text(3, str(info.return_type))
            + _number(8, self._offset(began))
            + _number(9, self._offset(ended))
            + _text(13, info.parent_type.name)
            + original
        )

    def finish(self, errors: Iterable[Mapping[str, Any]] = ()) -> str:
        """The trace as ``extensions.ftv1`` has it. ``errors`` are the answer's, as clients see them."""
        for error in errors:
            self._node(error.get("path") or ()).content += _bytes(11, _error(error))
        duration = self._offset(self.clock())
        trace = (
            _bytes(3, _timestamp(self._began_at + duration))
            + _bytes(4, _timestamp(self._began_at))
            + _number(11, duration)
            + _bytes(14, self._root.encoded())
        )
        return base64.b64encode(trace).decode()

    def _offset(self, moment: float) -> int:
        """Nanoseconds since the trace began."""
        return max(0, round((moment - self._began) * 1e9))

    def _node(self, path: Sequence[str | int]) -> _Node:
        node = self._root
        for key in path:
            found = node.children.get(key)
            if found is None:
                content = _number(2, key) if isinstance(key, int) else _text(1, key)
                found = node.children[key] = _Node(content)
            node = found
        return node


def _error(error: Mapping[str, Any]) -> bytes:
    places = (
        _bytes(2, _number(1, place["line"]) + _number(2, place["column"]))
        for place in error.get("locations") or ()
    )
    return _text(1, str(error["message"])) + b"".join(places) + _text(4, json.dumps(error, default=str))


def _timestamp(nanoseconds: int) -> bytes:
    """``google.protobuf.Timestamp``, of the time since 1970."""
    seconds, rest = divmod(nanoseconds, 10**9)
    return _number(1, seconds) + _number(2, rest)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode(errors="replace"))


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
