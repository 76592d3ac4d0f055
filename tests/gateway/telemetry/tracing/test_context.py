"""The W3C trace context as it comes with requests."""

from __future__ import annotations

import pytest

from gateway.telemetry.tracing import Trace, TraceContext

_ID, _SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_a_parent_is_continued_with_its_state() -> None:
    context = TraceContext.read(f"00-{_ID}-{_SPAN}-01", ["a=1", "b=2"])
    assert context == TraceContext(_ID, int(_SPAN, 16), sampled=True, state="a=1,b=2")
    assert Trace(context, recorded=False, sampled=True).headers() == {
        "traceparent": f"00-{_ID}-{_SPAN}-01",
        "tracestate": "a=1,b=2",
    }


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    context = TraceContext.read(f"cc-{_ID}-{_SPAN}-02-what-the-future-brings")
    assert context == TraceContext(_ID, int(_SPAN, 16), sampled=False)


@pytest.mark.parametrize(
    "parent",
    [
        "",
        "00",
        f"ff-{_ID}-{_SPAN}-01",
        f"00-{'0' * 32}-{_SPAN}-01",
        f"00-{_ID}-{'0' * 16}-01",
        f"00-{_ID.upper()}-{_SPAN}-01",
        f"00-{_ID}-{_SPAN}-01-more",
        f"00-{_ID}-{_SPAN}-1",
        f"00-{_ID}-{_SPAN}-01\r\nx: y",
        f"cc-{_ID}-{_SPAN}-01-{'x' * 1000}",
    ],
)
def test_what_is_no_parent_is_none(parent: str) -> None:
    assert TraceContext.read(parent) is None


@pytest.mark.parametrize("state", ["a=1\r\nx: y", "a=ü", "a" * 513, ""])
def test_a_state_that_is_none_is_left_out(state: str) -> None:
    context = TraceContext.read(f"00-{_ID}-{_SPAN}-00", [state])
    assert context is not None
    assert context.state == ""


def test_who_records_is_the_parent_of_what_follows() -> None:
    trace = Trace(TraceContext(_ID, int(_SPAN, 16)), recorded=True, sampled=False)
    first, second = trace.next_span(), trace.next_span()
    assert len({first, second, trace.span, int(_SPAN, 16)}) == 4
    assert trace.headers(first) == {"traceparent": f"00-{_ID}-{first:016x}-00"}
    assert trace.headers() == {"traceparent": f"00-{_ID}-{trace.span:016x}-00"}
