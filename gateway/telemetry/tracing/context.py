"""The W3C trace context: what came with a request, and what goes on to the subgraphs.

https://www.w3.org/TR/trace-context/
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from msgspec import Struct

from gateway.telemetry.fetches import SpanId

__all__ = ["TraceContext"]

# A later version may have more fields after these four.
_PARENT = re.compile(
    r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-[\x21-\x7e]*)?"
)
_STATE = re.compile(r"[\x20-\x7e]{1,512}")
_LONGEST = 256


class TraceContext(Struct, frozen=True, gc=False):
    """A place in a trace: ``parent`` is 0 at its root."""

    trace_id: str
    parent: SpanId = 0
    sampled: bool = False
    state: str = ""
    """The header ``tracestate``, which is others' to read."""

    @classmethod
    def new(cls) -> TraceContext:
        """The root of a trace."""
        return cls(f"{random.getrandbits(128) or 1:032x}")

    @classmethod
    def read(cls, parent: str | None, states: Sequence[str] = ()) -> TraceContext | None:
        """From the headers ``traceparent`` and ``tracestate``; None where the first is missing or wrong."""
        if parent is None or len(parent) > _LONGEST:
            return None
        found = _PARENT.fullmatch(parent)
        if found is None or (found[1] == "00" and len(parent) != 55):
            return None
        state = ",".join(states)
        return cls(
            found[2],
            int(found[3], 16),
            bool(int(found[4], 16) & 1),
            state if _STATE.fullmatch(state) else "",
        )
