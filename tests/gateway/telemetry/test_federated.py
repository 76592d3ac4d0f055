"""Federated traces as subgraphs tell them: read as far as their fields go, and nothing else believed."""

from __future__ import annotations

import base64

import pytest

from gateway.telemetry.federated import ResolverTime, decoded, resolver_times
from gateway.telemetry.protobuf import Malformed, fields, message, number, text, timestamp


def test_what_is_written_is_read_and_fields_of_fixed_length_are_passed_over() -> None:
    fixed = bytes([9 << 3 | 1]) + b"8 bytes." + bytes([10 << 3 | 5]) + b"four"
    written = number(1, 300) + text(2, "é\ud800") + fixed + message(16, b"") + timestamp(3, 1_000_000_007)
    assert list(fields(written)) == [
        (1, 300),
        (2, "é?".encode()),
        (16, b""),
        (3, number(1, 1) + number(2, 7)),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\x08",
        b"\x80" * 20,
        bytes([1 << 3 | 2, 200, 1]) + b"short",
        bytes([1 << 3 | 3]),
        bytes([1 << 3 | 1]) + b"short",
    ],
)
def test_what_is_no_message_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        list(fields(data))


def _field(
    name: str, began: int, ended: int, *children: bytes, original: str = "", of: str = "Post"
) -> bytes:
    node = text(1, name) + text(13, of) + number(8, began) + number(9, ended)
    return node + (text(14, original) if original else b"") + b"".join(message(12, c) for c in children)


def test_executions_of_a_field_are_added_up_under_its_own_name() -> None:
    items = [number(2, n) + message(12, _field("by", 0, ms * 10**6, original="author"))
             for n, ms in enumerate((5, 20))]  # fmt: skip
    feed = _field("feed", 0, 3 * 10**6, *items, of="Query")
    trace = number(11, 1) + message(14, message(12, feed))
    assert resolver_times(trace) == [
        ResolverTime("Post", "author", 2, 0.025, 0.02),
        ResolverTime("Query", "feed", 1, 0.003, 0.003),
    ]


@pytest.mark.parametrize(
    "root", [number(14, 1), message(14, b"\xff"), message(14, _field("a", 0, 0) + text(8, "now"))]
)
def test_a_trace_that_is_none_is_malformed(root: bytes) -> None:
    with pytest.raises(Malformed):
        resolver_times(root)


def test_what_is_no_base64_is_no_trace() -> None:
    given = [base64.b64encode(b"trace").decode(), "no base64!", 7, None]
    assert [decoded(value) for value in given] == [b"trace", None, None, None]
