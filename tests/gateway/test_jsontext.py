"""Values as JSON."""

from __future__ import annotations

from msgspec import Struct

from gateway.jsontext import Encoded, encode


class _Named(Struct):
    name: str


def test_a_lone_surrogate_is_escaped_also_in_objects_within_others() -> None:
    assert encode({"errors": [], "data": _Named("\ud800")}) == rb'{"errors":[],"data":{"name":"\ud800"}}'


def test_what_is_sent_to_many_is_encoded_once_and_anew_by_who_adds_to_it() -> None:
    answer = Encoded(data=_Named("Ada"))
    assert encode(answer) == b'{"data":{"name":"Ada"}}'
    assert encode(answer) is encode(answer)
    assert encode([answer, {**answer, "hasNext": False}]) == (
        b'[{"data":{"name":"Ada"}},{"data":{"name":"Ada"},"hasNext":false}]'
    )
