"""`@external` on interfaces."""

from __future__ import annotations

import pytest

from gateway.composition.rules.subgraph.external_on_interface import external_on_interface
from tests.gateway.composition.rules.judging import Cases, judged

_CASES: Cases = [
    ("on a field of an interface", "interface I { x: Int @external }", ["EXTERNAL_ON_INTERFACE"]),
    ("on a field of an object", "type T { x: Int @external }", []),
]


@pytest.mark.parametrize(("sdl", "codes"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
def test_it_is_told(sdl: str, codes: list[str]) -> None:
    assert [code for code, _ in judged(external_on_interface, sdl)] == codes
