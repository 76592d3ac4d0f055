"""`@interfaceObject` and keys."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.interface_object_key import interface_object_key
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("with a key", 'type I @interfaceObject @key(fields: "id") { id: ID }', []),
    ("without", "type I @interfaceObject { id: ID }", ["INTERFACE_OBJECT_USAGE_ERROR"]),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(interface_object_key, sdl)] == codes
