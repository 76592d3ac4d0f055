"""Values as JSON."""

from __future__ import annotations

from msgspec import Struct

from gateway.jsontext import encode


class _Named(Struct):
    name: str


def test_a_lone_surrogate_is_escaped_also_in_objects_within_others() -> None:
    assert encode({"errors": [], "data": _Named("\ud800")}) == rb'{"errors":[],"data":{"name":"\ud800"}}'
