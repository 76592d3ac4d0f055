"""Federated tracing: what a gateway finds in ``extensions.ftv1``, read as protobuf is."""

from __future__ import annotations

import base64
import json
from typing import Any

import strawberry

from subgraphs.kit.execution import CompiledExecutionContext, recorded_by
from subgraphs.kit.telemetry.ftv1 import FederatedTrace

Message = dict[int, list[Any]]


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@strawberry.type
class Item:
    id: int

    @strawberry.field
    async def price(self, info: strawberry.Info) -> float | None:
        info.context.now += 0.002
        raise ValueError("secret")


@strawberry.type
class Query:
    @strawberry.field
    def items(self, info: strawberry.Info) -> list[Item]:
        info.context.now += 0.5
        return [Item(id=1), Item(id=2)]


def _message(data: bytes) -> Message:
    """By field number: numbers, and bytes not looked into (https://protobuf.dev/programming-guides/encoding/)."""
    found: Message = {}
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        value: Any = varint()
        if tag & 7 == 2:
            value, at = data[at : at + value], at + value
        found.setdefault(tag >> 3, []).append(value)
    return found


def _node(data: bytes) -> dict[str, Any]:
    message = _message(data)
    texts = {"name": 1, "type": 3, "parent": 13, "original": 14}
    node: dict[str, Any] = {key: message[n][0].decode() for key, n in texts.items() if n in message}
    node |= {key: message[n][0] for key, n in {"index": 2, "start": 8, "end": 9}.items() if n in message}
    if 11 in message:
        node["errors"] = [_error(error) for error in message[11]]
    if 12 in message:
        node["children"] = [_node(child) for child in message[12]]
    return node


def _error(data: bytes) -> dict[str, Any]:
    message = _message(data)
    places = [_message(place) for place in message.get(2, [])]
    return {
        "message": message[1][0].decode(),
        "places": [(place[1][0], place[2][0]) for place in places],
        "json": json.loads(message[4][0]),
    }


async def test_a_trace_has_each_field_with_its_types_times_and_errors() -> None:
    clock = Clock(50.0)
    trace = FederatedTrace(clock, now=lambda: 1_700_000_000_250_000_000)
    schema = strawberry.Schema(Query, execution_context_class=CompiledExecutionContext)
    with recorded_by(trace):
        result = await schema.execute("{ all: items { id price } }", context_value=clock)
    assert result.errors
    told = [
        {"message": "masked", "path": e.path, "locations": [{"line": 1, "column": 19}]} for e in result.errors
    ]
    message = _message(base64.b64decode(trace.finish(told)))
    assert {key: _message(message[key][0]) for key in (3, 4)} == {
        4: {1: [1_700_000_000], 2: [250_000_000]},
        3: {1: [1_700_000_000], 2: [754_000_000]},
    }
    assert message[11] == [504_000_000]
    ms = 1_000_000

    def item(index: int, until: int) -> dict[str, Any]:
        error = {"message": "masked", "places": [(1, 19)], "json": told[index]}
        own = {"parent": "Item", "start": 500 * ms}
        return {
            "index": index,
            "children": [
                {"name": "id", "type": "Int!", "end": 500 * ms, **own},
                {"name": "price", "type": "Float", "end": until * ms, "errors": [error], **own},
            ],
        }

    assert _node(message[14][0]) == {
        "children": [
            {
                "name": "all",
                "original": "items",
                "type": "[Item!]!",
                "parent": "Query",
                "start": 0,
                "end": 500 * ms,
                "children": [item(0, 502), item(1, 504)],
            }
        ]
    }


def test_errors_that_belong_nowhere_belong_to_the_root() -> None:
    trace = FederatedTrace(Clock(0), now=lambda: 0)
    root = _node(_message(base64.b64decode(trace.finish([{"message": "no \ud800 such field"}])))[14][0])
    assert root["errors"][0]["message"] == "no ? such field"


def test_a_trace_is_made_for_who_asks() -> None:
    header = "apollo-federation-include-trace"
    asked = [FederatedTrace.asked_for(h) is not None for h in ({}, {header: "ftv2"}, {header: "ftv1"})]
    assert asked == [False, False, True]
