"""Keys that have to be compared."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.interface_key_fields import interface_key_fields
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    (
        "all can be read",
        'interface I @key(fields: "a") { a: ID } type T implements I @key(fields: "a") { a: ID }',
        [],
    ),
    (
        "one of the interface cannot",
        'interface I @key(fields: "z") { a: ID } type T implements I @key(fields: "a") { a: ID }',
        ["KEY_INVALID_FIELDS"],
    ),
    (
        "one of an implementation cannot",
        'interface I @key(fields: "a") { a: ID } type T implements I @key(fields: 3) { a: ID }',
        ["KEY_INVALID_FIELDS_TYPE"],
    ),
    ("one of another type cannot", 'type T @key(fields: "z") { a: ID }', []),
    (
        "one has arguments, which can be read",
        'interface I @key(fields: "a") { a(x: Int): ID } type T implements I @key(fields: "a") { a(x: Int): ID }',
        [],
    ),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(interface_key_fields, sdl)] == codes
